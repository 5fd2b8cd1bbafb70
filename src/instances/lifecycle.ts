/** The state machine of an instance, without any process: what happened, and the state that follows. */
import type { InstanceState } from './types.js';

export interface Life {
    readonly state: InstanceState;
    /** Why it failed, or is about to: one sentence. The first reason stays. */
    readonly reason: string;
}

export type LifeEvent =
    /** The first command runs in the guest. */
    | { type: 'started' }
    /** Somebody asked for the end, or the last command ended. */
    | { type: 'stop' }
    /** A part ended, or a step failed, that nobody asked to. */
    | { type: 'lost'; reason: string }
    /** Nothing of it is left: no process, no socket, no file. */
    | { type: 'gone' };

export const born: Life = { state: 'starting', reason: '' };

/** The life after `event`; the same object when the event changes nothing. */
export function live(life: Life, event: LifeEvent): Life {
    const up = life.state === 'starting' || life.state === 'running';
    switch (event.type) {
        case 'started':
            return life.state === 'starting' ? { ...life, state: 'running' } : life;
        case 'stop':
            return up ? { ...life, state: 'stopping' } : life;
        case 'lost':
            return up ? { state: 'stopping', reason: event.reason } : life;
        case 'gone':
            return life.state === 'stopping' ? { ...life, state: life.reason ? 'failed' : 'stopped' } : life;
    }
}
