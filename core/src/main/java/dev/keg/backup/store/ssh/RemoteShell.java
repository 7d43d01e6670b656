package dev.keg.backup.store.ssh;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.util.List;

/** Runs scripts on the other side. */
interface RemoteShell extends AutoCloseable {
  /** What it returns when there was no connection, or no longer. */
  int BROKEN = 255;

  Programs.Running start(Script script, List<String> arguments) throws IOException;

  /** Forgets a connection that failed, so that the next start makes a new one. */
  void reset();

  @Override
  void close();
}
