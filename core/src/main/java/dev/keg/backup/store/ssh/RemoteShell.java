package dev.keg.backup.store.ssh;

import dev.keg.program.Programs;
import java.io.IOException;
import java.util.List;

/** Runs scripts on the other machine. */
interface RemoteShell extends AutoCloseable {
  /** The exit status for a missing or broken connection. */
  int BROKEN = 255;

  Programs.Running start(RemoteScript script, List<String> arguments) throws IOException;

  /** Whether each start logs in anew, because scripts do not share a connection. */
  boolean logsIn();

  /** Discards a failed connection, so that the next start makes a new one. */
  void reset();

  @Override
  void close();
}
