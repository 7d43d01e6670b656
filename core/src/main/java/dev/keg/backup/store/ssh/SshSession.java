package dev.keg.backup.store.ssh;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.program.WatchedProgram;
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
  private final SshPatience patience;
  private final SshFailures failures;
  private volatile boolean answered;

  SshSession(SshTarget target, RemoteShell shell, Backoff backoff, SshPatience patience) {
    this.target = target;
    this.shell = shell;
    this.backoff = backoff;
    this.patience = patience;
    this.failures = new SshFailures(target.address());
  }

  String address() {
    return target.address();
  }

  SshPatience patience() {
    return patience;
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
      int verdict = backoff.run(attempts, number -> attempt(call, reader, number));
      answered = true;
      return verdict;
    } catch (StoreException.Unavailable e) {
      // After a timeout, the cleanup does not wait as long again.
      answered = false;
      throw e;
    }
  }

  /** Only one silence is repeated: the connection may have been the cause, which is made anew. */
  private int attempt(ScriptCall call, Reader reader, int number) throws StoreException {
    try (WatchedProgram running = start(call)) {
      try {
        return verdict(call, reader, running);
      } catch (StoreException e) {
        if (running.isSilent() && number == 1 && !call.script().isSlow()) {
          String why = SshFailures.silence(running.patience());
          throw new StoreException.Unavailable(address(), call.operation(), why, e);
        }
        throw e;
      }
    }
  }

  private int verdict(ScriptCall call, Reader reader, WatchedProgram running)
      throws StoreException {
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

  /** Starts a script that reads input. */
  WatchedProgram start(ScriptCall call) throws StoreException {
    List<String> arguments = new ArrayList<>();
    arguments.add(target.path());
    arguments.addAll(call.arguments());
    try {
      return new WatchedProgram(
          shell.start(call.script(), arguments), patience.of(call.script(), shell.logsIn()));
    } catch (IOException e) {
      shell.reset();
      throw failures.of(call.operation(), e);
    }
  }

  int end(ScriptCall call, WatchedProgram running) throws StoreException {
    try {
      return running.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Failed(address(), call.operation(), "interrupted", null, e);
    }
  }

  StoreException failure(ScriptCall call, int exitCode, WatchedProgram running) {
    if (running.isSilent()) {
      shell.reset();
      return failures.silence(call.operation(), running.patience());
    }
    if (exitCode == RemoteShell.BROKEN) {
      shell.reset();
    }
    return failures.of(call.operation(), exitCode, running.complaint());
  }

  /** The failure of a broken stream; the program's exit explains it better than the stream. */
  StoreException broken(ScriptCall call, WatchedProgram running, IOException e)
      throws StoreException {
    int exitCode = end(call, running);
    return exitCode == 0 && !running.isSilent()
        ? failures.of(call.operation(), e)
        : failure(call, exitCode, running);
  }

  @Override
  public void close() {
    shell.close();
  }
}
