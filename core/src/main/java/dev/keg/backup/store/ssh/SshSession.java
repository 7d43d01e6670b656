package dev.keg.backup.store.ssh;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.Programs;
import dev.keg.backup.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs the scripts of one repository, and repeats them while the failure looks temporary. */
final class SshSession implements AutoCloseable {
  private static final int ATTEMPTS = 8;
  private static final int ATTEMPTS_AT_FIRST = 2;
  private static final Set<Integer> VERDICTS =
      Set.of(0, RemoteScript.INCOMPLETE, RemoteScript.TAKEN, RemoteScript.ABSENT);

  private final SshTarget target;
  private final RemoteShell shell;
  private final Backoff backoff;
  private final SshFailures failures;
  private volatile boolean answered;

  SshSession(SshTarget target, RemoteShell shell, Backoff backoff) {
    this.target = target;
    this.shell = shell;
    this.backoff = backoff;
    this.failures = new SshFailures(target.address());
  }

  String address() {
    return target.address();
  }

  /** Reads a script's output; a new one is made for each attempt. */
  @FunctionalInterface
  interface Reader {
    Reader NOTHING = output -> output.transferTo(OutputStream.nullOutputStream());

    void read(InputStream output) throws IOException;
  }

  /** Runs a script to its end; returns 0 or one of {@link RemoteScript}'s statuses. */
  int run(ScriptCall call, Reader reader) throws StoreException {
    int attempts = answered ? ATTEMPTS : ATTEMPTS_AT_FIRST;
    try {
      int verdict = backoff.run(attempts, _ -> attempt(call, reader));
      answered = true;
      return verdict;
    } catch (StoreException.Unavailable e) {
      // After a timeout, the cleanup does not wait as long again.
      answered = false;
      throw e;
    }
  }

  private int attempt(ScriptCall call, Reader reader) throws StoreException {
    try (Programs.Running running = start(call)) {
      try {
        running.input().close();
        reader.read(running.output());
      } catch (IOException e) {
        throw broken(call, running, e);
      }
      int exitCode = end(call, running);
      if (VERDICTS.contains(exitCode)) {
        return exitCode;
      }
      throw failure(call, exitCode, running);
    }
  }

  /** Starts a script that reads input. */
  Programs.Running start(ScriptCall call) throws StoreException {
    List<String> arguments = new ArrayList<>();
    arguments.add(target.path());
    arguments.addAll(call.arguments());
    try {
      return shell.start(call.script(), arguments);
    } catch (IOException e) {
      shell.reset();
      throw failures.of(call.operation(), e);
    }
  }

  int end(ScriptCall call, Programs.Running running) throws StoreException {
    try {
      return running.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Failed(address(), call.operation(), "interrupted", null, e);
    }
  }

  StoreException failure(ScriptCall call, int exitCode, Programs.Running running) {
    if (exitCode == RemoteShell.BROKEN) {
      shell.reset();
    }
    return failures.of(call.operation(), exitCode, running.complaint());
  }

  /** The failure of a broken stream; the program's exit explains it better than the stream. */
  StoreException broken(ScriptCall call, Programs.Running running, IOException e)
      throws StoreException {
    int exitCode = end(call, running);
    return exitCode == 0 ? failures.of(call.operation(), e) : failure(call, exitCode, running);
  }

  @Override
  public void close() {
    shell.close();
  }
}
