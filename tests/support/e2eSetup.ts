/** Deadlines inside an e2e test have messages of their own; jest's own is only the last resort. */
import { jest } from '@jest/globals';

jest.setTimeout(150_000);
