/** What keeps the shop from starting. The message is the one line that the user sees. */
export class PortInUseError extends Error {
  readonly code = 'HF_SHOP_PORT_IN_USE';
}

export class DataFolderError extends Error {
  readonly code = 'HF_SHOP_DATA_FOLDER';
}

export class ProcessFailedError extends Error {
  readonly code = 'HF_SHOP_PROCESS_FAILED';
}

/** True for an error whose message alone tells the user what to do; a stack would only hide it. */
export function isPlain(error: unknown): error is PortInUseError | DataFolderError | ProcessFailedError {
  return (
    error instanceof PortInUseError || error instanceof DataFolderError || error instanceof ProcessFailedError
  );
}
