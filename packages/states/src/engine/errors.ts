/** The errors the engine raises towards its callers. */
import { HoldfastError } from '@holdfast/core';

/** Names of the API's exceptions as Step Functions spells them. */
export type ApiErrorName =
  | 'ExecutionAlreadyExists'
  | 'ExecutionDoesNotExist'
  | 'ExecutionLimitExceeded'
  | 'InvalidArn'
  | 'InvalidDefinition'
  | 'InvalidExecutionInput'
  | 'InvalidLoggingConfiguration'
  | 'InvalidName'
  | 'InvalidToken'
  | 'InvalidTracingConfiguration'
  | 'MissingRequiredParameter'
  | 'StateMachineAlreadyExists'
  | 'StateMachineDoesNotExist'
  | 'StateMachineTypeNotSupported'
  | 'ValidationException';

/**
 * `HF_STATES_REFUSED`: the request was refused and changed nothing. `awsName` is the exception of the Step
 * Functions API that says why; the message is the one AWS gives.
 */
export class RequestRefusedError extends HoldfastError {
  readonly code = 'HF_STATES_REFUSED';
  readonly retryable = false;
  readonly awsName: ApiErrorName;
  constructor(awsName: ApiErrorName, message: string) {
    super(message);
    this.awsName = awsName;
  }
}

/**
 * `HF_STATES_UNAVAILABLE`: the journal could not be written (disk full, I/O error) or the engine is closing. The
 * request was not accepted and may be sent again.
 */
export class EngineUnavailableError extends HoldfastError {
  readonly code = 'HF_STATES_UNAVAILABLE';
  readonly retryable = true;
}

/** `HF_STATES_DATA_IN_USE`: another process, or another engine of this one, holds the data file. */
export class DataInUseError extends HoldfastError {
  readonly code = 'HF_STATES_DATA_IN_USE';
  readonly retryable = true;
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(`the data file ${path} is in use by another engine; stop it first, or choose another folder`, {
      cause,
    });
    this.path = path;
  }
}

/** `HF_STATES_DATA_UNREADABLE`: the data file cannot be opened, is no database, or was written by a newer version. */
export class DataUnreadableError extends HoldfastError {
  readonly code = 'HF_STATES_DATA_UNREADABLE';
  readonly retryable = false;
  readonly path: string;
  constructor(path: string, reason: string, cause?: unknown) {
    super(`the data file ${path} cannot be used: ${reason}`, { cause });
    this.path = path;
  }
}
