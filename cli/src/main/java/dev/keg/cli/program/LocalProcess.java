package dev.keg.cli.program;

import dev.keg.backup.store.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A running program, and a thread that reads its error output, so that it never blocks. */
final class LocalProcess implements Programs.Running {
  private static final int KEPT = 64 << 10;
  private static final int SECONDS_TO_END = 5;

  private final Process process;
  private final CompletableFuture<String> complaint = new CompletableFuture<>();

  LocalProcess(Process process) {
    this.process = process;
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

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, SECONDS_TO_END, TimeUnit.SECONDS).join();
    process.destroyForcibly();
  }
}
