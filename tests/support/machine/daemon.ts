/** A daemon that launches one instance, says so on its output at the stage that its argument names, and waits to be killed. */
import type { Stage } from '../../../src/instances/types.js';
import { newInstances, newSpec, passes } from './world.js';

const instance = newInstances(process.env).launch(await newSpec());
await passes(instance, process.argv[2] as Stage);
console.log('reached');
