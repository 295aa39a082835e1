// Preloaded into the programs the launcher starts: when the launcher is gone, even by SIGKILL, its channel closes and they stop in order.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
