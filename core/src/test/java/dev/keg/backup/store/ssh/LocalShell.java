package dev.keg.backup.store.ssh;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs the scripts here, and interrupts them on request. */
final class LocalShell implements RemoteShell {
  private final List<String> program;
  private final List<RemoteScript> log = Collections.synchronizedList(new ArrayList<>());
  private volatile Plan plan = _ -> Behaviour.RUN;
  private int resets;

  /** The treatment of a script. */
  enum Behaviour {
    RUN,
    /** The connection is lost before the script runs. */
    BREAK_BEFORE,
    /** The connection is lost after the script has run. */
    BREAK_AFTER
  }

  /** Chooses by the script. */
  @FunctionalInterface
  interface Plan {
    Behaviour of(RemoteScript script);
  }

  LocalShell(String... program) {
    this.program = List.of(program);
  }

  void plan(Plan newPlan) {
    plan = newPlan;
  }

  List<RemoteScript> log() {
    return log;
  }

  int resets() {
    return resets;
  }

  @Override
  public Programs.Running start(RemoteScript script, List<String> arguments) throws IOException {
    log.add(script);
    Behaviour behaviour = plan.of(script);
    List<String> command = new ArrayList<>(program);
    command.add("-c");
    // As the login shell receives it, so that the quoting is tested as well.
    command.add(behaviour == Behaviour.BREAK_BEFORE ? "exit 255" : script.command(arguments));
    Process process = new ProcessBuilder(command).start();
    return new LocalProcess(process, behaviour);
  }

  @Override
  public void reset() {
    resets++;
  }

  @Override
  public void close() {}

  private static final class LocalProcess implements Programs.Running {
    private final Process process;
    private final Behaviour behaviour;
    private final CompletableFuture<String> errors = new CompletableFuture<>();

    LocalProcess(Process process, Behaviour behaviour) {
      this.process = process;
      this.behaviour = behaviour;
      Thread.ofVirtual()
          .start(
              () -> {
                try (InputStream stream = process.getErrorStream()) {
                  errors.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                  errors.complete(String.valueOf(e.getMessage()));
                }
              });
    }

    @Override
    public OutputStream input() {
      return process.getOutputStream();
    }

    @Override
    public InputStream output() {
      return process.getInputStream();
    }

    @Override
    public int exitCode() throws InterruptedException {
      int exitCode = process.waitFor();
      return behaviour == Behaviour.RUN ? exitCode : BROKEN;
    }

    @Override
    public String complaint() {
      return behaviour == Behaviour.RUN ? errors.join() : "Connection reset by peer";
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }
}
