/** The operations of the Step Functions API: JSON members in, engine calls, JSON members out. */
import { validateDefinition } from '../definition/compile.ts';
import type {
  Engine,
  ExecutionDescription,
  ExecutionSummary,
  StateMachineDescription,
} from '../engine/api.ts';
import { RequestRefusedError } from '../engine/errors.ts';
import { present } from '../engine/present.ts';
import { detailsMember, type HistoryEvent } from '../interpreter/history.ts';
import { type JsonObject, member } from '../json/json.ts';
import type { Members } from './members.ts';

/** What comes with a request outside its body. */
export interface RequestContext {
  readonly correlationId: string;
  readonly traceparent?: string;
}

type Operation = (engine: Engine, members: Members, context: RequestContext) => Promise<JsonObject>;

const NO_LOGGING = { level: 'OFF', includeExecutionData: false } as const;
const NO_TRACING = { enabled: false } as const;

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateStateMachine: async (engine, members) => {
    refuseUnsupported(members);
    const request = {
      name: members.required('name'),
      definition: members.required('definition'),
      roleArn: members.required('roleArn'),
    };
    const { stateMachineArn, creationDateMs } = await engine.createStateMachine(request);
    return { stateMachineArn, creationDate: seconds(creationDateMs) };
  },
  UpdateStateMachine: async (engine, members) => {
    refuseUnsupported(members);
    const request = {
      stateMachineArn: members.required('stateMachineArn'),
      ...present(members.texts('definition', 'roleArn')),
    };
    const { updateDateMs, revisionId } = await engine.updateStateMachine(request);
    return { updateDate: seconds(updateDateMs), revisionId };
  },
  DeleteStateMachine: async (engine, members) => {
    await engine.deleteStateMachine({ stateMachineArn: members.required('stateMachineArn') });
    return {};
  },
  DescribeStateMachine: async (engine, members) => {
    const described = await engine.describeStateMachine({
      stateMachineArn: members.required('stateMachineArn'),
    });
    return {
      ...machineBody(described),
      status: 'ACTIVE',
      type: 'STANDARD',
      creationDate: seconds(described.creationDateMs),
    };
  },
  DescribeStateMachineForExecution: async (engine, members) => {
    const described = await engine.describeStateMachineForExecution({
      executionArn: members.required('executionArn'),
    });
    return { ...machineBody(described), updateDate: seconds(described.updateDateMs) };
  },
  ListStateMachines: async (engine, members) => {
    const { stateMachines, ...page } = await engine.listStateMachines(members.page());
    const list = stateMachines.map(({ stateMachineArn, name, creationDateMs }) => ({
      stateMachineArn,
      name,
      type: 'STANDARD',
      creationDate: seconds(creationDateMs),
    }));
    return { stateMachines: list, ...page };
  },
  ValidateStateMachineDefinition: async (_engine, members) => {
    const problems = validateDefinition(members.required('definition'));
    const diagnostics = problems.map(({ code, message, path }) => ({
      severity: 'ERROR',
      code,
      message,
      location: path,
    }));
    return { result: problems.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated: false };
  },
  StartExecution: async (engine, members, context) => {
    const request = {
      stateMachineArn: members.required('stateMachineArn'),
      ...present(members.texts('name', 'input', 'traceHeader')),
      ...context,
    };
    const { executionArn, startDateMs } = await engine.startExecution(request);
    return { executionArn, startDate: seconds(startDateMs) };
  },
  DescribeExecution: async (engine, members) =>
    executionBody(await engine.describeExecution({ executionArn: members.required('executionArn') })),
  ListExecutions: async (engine, members) => {
    const request = {
      stateMachineArn: members.required('stateMachineArn'),
      ...present(members.texts('statusFilter')),
    };
    const { executions, ...page } = await engine.listExecutions({ ...request, ...members.page() });
    return { executions: executions.map(summaryBody), ...page };
  },
  GetExecutionHistory: async (engine, members) => {
    const request = {
      executionArn: members.required('executionArn'),
      reverseOrder: members.flag('reverseOrder'),
    };
    const withData = members.flag('includeExecutionData', true);
    const { events, ...page } = await engine.getExecutionHistory({ ...request, ...members.page() });
    return { events: events.map((event) => eventBody(event, withData)), ...page };
  },
  StopExecution: async (engine, members) => {
    const request = {
      executionArn: members.required('executionArn'),
      ...present(members.texts('error', 'cause')),
    };
    const { stopDateMs } = await engine.stopExecution(request);
    return { stopDate: seconds(stopDateMs) };
  },
};

/** Logging to CloudWatch, X-Ray, encryption keys, versions and Express workflows are AWS's own. Said, not ignored. */
function refuseUnsupported(members: Members): void {
  const type = members.text('type') ?? 'STANDARD';
  if (type !== 'STANDARD') {
    throw new RequestRefusedError(
      'StateMachineTypeNotSupported',
      `State machine type is not supported: '${type}'; this engine runs STANDARD`,
    );
  }
  const level = member(members.raw('loggingConfiguration'), 'level');
  if (level !== undefined && level !== 'OFF') {
    const message = `Invalid Logging Configuration: level '${String(level)}' is not supported; read the history or the feed instead`;
    throw new RequestRefusedError('InvalidLoggingConfiguration', message);
  }
  if (member(members.raw('tracingConfiguration'), 'enabled') === true) {
    const message = 'Invalid Tracing Configuration: X-Ray is not supported; pass traceparent instead';
    throw new RequestRefusedError('InvalidTracingConfiguration', message);
  }
  if (members.flag('publish')) {
    throw new RequestRefusedError(
      'ValidationException',
      "'publish' is not supported: this engine keeps no versions",
    );
  }
}

/** AWS JSON 1.0 writes times as seconds since the epoch. */
function seconds(epochMs: number): number {
  return epochMs / 1_000;
}

function machineBody(machine: StateMachineDescription): JsonObject {
  return {
    stateMachineArn: machine.stateMachineArn,
    name: machine.name,
    definition: machine.definition,
    roleArn: machine.roleArn,
    loggingConfiguration: NO_LOGGING,
    tracingConfiguration: NO_TRACING,
    ...present({ revisionId: machine.revisionId }),
  };
}

function summaryBody(execution: ExecutionSummary): JsonObject {
  return {
    executionArn: execution.executionArn,
    stateMachineArn: execution.stateMachineArn,
    name: execution.name,
    status: execution.status,
    startDate: seconds(execution.startDateMs),
    ...(execution.stopDateMs === undefined ? {} : { stopDate: seconds(execution.stopDateMs) }),
    redriveCount: 0,
  };
}

function executionBody(execution: ExecutionDescription): JsonObject {
  const { status, input, output, error, cause, traceHeader } = execution;
  const redrive =
    status === 'RUNNING' || status === 'SUCCEEDED'
      ? {
          redriveStatus: 'NOT_REDRIVABLE',
          redriveStatusReason: `Execution is ${status} and cannot be redriven`,
        }
      : { redriveStatus: 'REDRIVABLE' };
  return {
    ...summaryBody(execution),
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...present({ error, cause, traceHeader }),
    ...redrive,
  };
}

/** Members of event details that hold payloads, left out when the caller wants none. */
const PAYLOADS = ['input', 'output', 'parameters'];

function eventBody(event: HistoryEvent, withData: boolean): JsonObject {
  const { id, previousEventId, type, timestamp, details } = event;
  const shown = details === undefined || withData ? details : withoutPayloads(details);
  return {
    timestamp: seconds(timestamp),
    type,
    id,
    previousEventId,
    ...(shown === undefined ? {} : { [detailsMember(type)]: shown }),
  };
}

function withoutPayloads(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !PAYLOADS.includes(key)));
}
