package dev.keg.linux.program;

import dev.keg.file.WorkListener;
import dev.keg.linux.kernel.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The programs installed on this machine. */
public final class InstalledTools implements Tools {
  // The PATH of ordinary users often lacks the sbin directories.
  private static final List<String> ALWAYS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");
  private static final int KEPT = 64 * 1024;

  /** How often the progress of a program is read. */
  private static final long GLANCE_MS = 200;

  private final Consumer<String> debug;
  private final WorkListener work;
  private final List<Path> directories;

  public InstalledTools(Map<String, String> environment, Consumer<String> debug) {
    this(environment, debug, WorkListener.NONE);
  }

  /** Reports the progress of each program. */
  public InstalledTools(
      Map<String, String> environment, Consumer<String> debug, WorkListener work) {
    this.debug = debug;
    this.work = work;
    this.directories =
        Stream.concat(
                Stream.of(environment.getOrDefault("PATH", "/usr/bin:/bin").split(":")),
                ALWAYS.stream())
            .filter(directory -> directory.startsWith("/"))
            .distinct()
            .map(Path::of)
            .toList();
  }

  @Override
  public boolean has(String program) {
    return find(program).isPresent();
  }

  private Optional<Path> find(String program) {
    return directories.stream()
        .map(directory -> directory.resolve(program))
        .filter(Files::isExecutable)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  @Override
  public String run(Tool tool) throws ToolException {
    Path program = find(tool.program()).orElseThrow(() -> ToolException.missing(tool));
    debug.accept(tool.toString());
    Process process = start(program, tool);
    try {
      // One thread per pipe: a program blocks on a full pipe until somebody reads it.
      var output = reader(process.getInputStream());
      var errors = reader(process.getErrorStream());
      feed(process, tool.input());
      if (!ends(process, tool)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        throw ToolException.tooSlow(tool, tool.limit());
      }
      debug.accept(tool.program() + ": exit " + process.exitValue());
      if (process.exitValue() != 0) {
        String said = errors.join();
        throw ToolException.failed(
            tool, process.exitValue(), said.isBlank() ? output.join() : said);
      }
      return tool.leavesDaemon() ? "" : output.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ToolException.failed(tool, 130, "interrupted while " + tool.program() + " ran");
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns false if it exceeds its time limit. */
  private boolean ends(Process process, Tool tool) throws InterruptedException {
    work.expected(tool.bytes());
    IoCounter counter = IoCounter.of(process, work);
    for (long left = tool.limit().toMillis(); left > 0; left -= GLANCE_MS) {
      if (process.waitFor(Math.min(left, GLANCE_MS), TimeUnit.MILLISECONDS)) {
        return true;
      }
      counter.tell();
    }
    return false;
  }

  @Override
  public <T> T converse(Tool tool, Conversation<T> conversation)
      throws ToolException, ErrnoException, IOException {
    Path program = find(tool.program()).orElseThrow(() -> ToolException.missing(tool));
    debug.accept(tool.toString());
    Process process = start(program, tool);
    try (OutputStream in = process.getOutputStream();
        InputStream out = process.getInputStream()) {
      return conversation.hold(process.pid(), in, out);
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public Companion start(Tool tool) throws ToolException {
    Path program = find(tool.program()).orElseThrow(() -> ToolException.missing(tool));
    debug.accept(tool.toString());
    Process process = start(program, tool);
    if (!getsReady(process)) {
      int status = process.onExit().join().exitValue();
      throw ToolException.failed(tool, status, read(process.getErrorStream()));
    }
    return () -> {
      process.destroyForcibly();
      var _ = process.onExit().join();
      feed(process, _ -> {});
    };
  }

  /** Returns false if its output ends, and so the program, without a word. */
  private static boolean getsReady(Process process) {
    try {
      return process.getInputStream().read() >= 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static CompletableFuture<String> reader(InputStream stream) {
    var text = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> text.complete(read(stream)));
    return text;
  }

  private Process start(Path program, Tool tool) throws ToolException {
    List<String> line = new ArrayList<>();
    line.add(program.toString());
    line.addAll(tool.arguments());
    ProcessBuilder builder = new ProcessBuilder(line);
    // Keg parses the messages and shows them with its own, which are English.
    builder.environment().put("LC_ALL", "C.UTF-8");
    // Programs that it starts in turn must be found there too.
    builder
        .environment()
        .merge("PATH", String.join(":", ALWAYS), (path, sbin) -> path + ":" + sbin);
    try {
      return builder.start();
    } catch (IOException e) {
      throw ToolException.failed(tool, 126, String.valueOf(e.getMessage()));
    }
  }

  // The program closed its input without reading all of it; its exit status tells whether that is
  // an error.
  private static void feed(Process process, Tool.Input input) {
    try (OutputStream stdin = process.getOutputStream()) {
      input.writeTo(stdin);
    } catch (IOException _) {
      return;
    }
  }

  private static String read(InputStream stream) {
    try (stream) {
      byte[] kept = stream.readNBytes(KEPT);
      stream.transferTo(OutputStream.nullOutputStream());
      return new String(kept, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
