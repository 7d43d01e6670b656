package dev.keg.cli.program;

import dev.keg.program.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A running program, and a thread that reads its error output, so that it never blocks. */
final class LocalProcess implements Programs.Running {
  private static final int KEPT = 64 << 10;

  private final Process process;
  private final Duration grace;
  private final CompletableFuture<String> complaint = new CompletableFuture<>();

  /**
   * @param grace how long it may take to end when it is asked to
   */
  LocalProcess(Process process, Duration grace) {
    this.process = process;
    this.grace = grace;
    Thread.ofVirtual().start(() -> complaint.complete(read(process.getErrorStream())));
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
    return process.waitFor();
  }

  @Override
  public String complaint() {
    return complaint.join();
  }

  // Process.destroy also closes the streams, for which it waits if another thread writes to a
  // program that no longer reads: so that comes after it has ended.
  @Override
  public void close() {
    boolean _ = process.toHandle().destroy();
    process.onExit().completeOnTimeout(process, grace.toMillis(), TimeUnit.MILLISECONDS).join();
    Process _ = process.destroyForcibly();
  }
}
