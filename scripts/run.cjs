// The one entry of every npm script. CommonJS and ES2015 on purpose: a Node that is too old must still parse it, to say so.
const oldestMajor = 20;
const version = process.versions.node;

if (Number(version.split('.')[0]) < oldestMajor) {
  console.error(`holdfast: Node ${oldestMajor} or newer is needed; this is Node ${version}.`);
  process.exitCode = 1;
} else {
  import(`./${process.argv[2]}.mjs`)
    .then((command) => command.main(process.argv.slice(3)))
    .then(
      (exitCode) => {
        process.exitCode = exitCode;
      },
      (error) => {
        // A ScriptError is an answer to the user; anything else is a defect and keeps its stack.
        console.error(`holdfast: ${error.name === 'ScriptError' ? error.message : error.stack}`);
        process.exitCode = error.exitCode || 1;
      },
    );
}
