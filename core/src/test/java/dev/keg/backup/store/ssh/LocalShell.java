package dev.keg.backup.store.ssh;

import dev.keg.program.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs the scripts here, and interrupts them on request. */
final class LocalShell implements RemoteShell {
  private final List<String> program;
  private final List<RemoteScript> log = Collections.synchronizedList(new ArrayList<>());
  private final List<Process> started = Collections.synchronizedList(new ArrayList<>());
  private volatile Plan plan = _ -> Behaviour.RUN;
  private @Nullable Path commands;
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

  /** Programs in this directory replace the usual ones of the same name. */
  void replaceCommands(Path directory) {
    commands = directory;
  }

  List<RemoteScript> log() {
    return log;
  }

  List<Process> started() {
    return started;
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
    ProcessBuilder builder = new ProcessBuilder(command);
    if (commands != null) {
      builder.environment().merge("PATH", "", (path, _) -> commands + ":" + path);
    }
    Process process = builder.start();
    started.add(process);
    return new LocalProcess(process, behaviour);
  }

  @Override
  public boolean logsIn() {
    return false;
  }

  @Override
  public void reset() {
    resets++;
  }

  @Override
  public void close() {}

  static final class LocalProcess implements Programs.Running {
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

    // The other machine's commands, which do not have the pipes of ssh, end with it here.
    @Override
    public void close() {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroy);
      }
      process.destroy();
      process.onExit().join();
    }
  }
}
