package dev.keg.cli;

import com.google.common.jimfs.Configuration;
import dev.keg.fixtures.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays every transcript in this process, on an in-memory file system. The clock stops during a
 * command and then advances, so that later backups have later names.
 */
class TranscriptTest {
  static final Path TRANSCRIPTS = Path.of("src", "test", "transcripts");

  /** The transcripts of a machine with Windows. */
  private static final Path WINDOWS = Path.of("src", "test", "windows");

  /** The transcripts that mount: they need a kernel that permits it. */
  static final Path MOUNTING = Path.of("src", "test", "mounting");

  @TestFactory
  Stream<DynamicTest> in_process() throws IOException {
    return Transcript.each(
        TRANSCRIPTS,
        transcript ->
            transcript.play(
                new MemoryKeg(MemoryKeg.UNIX, "/keg", Duration.ofMillis(1)),
                Map.of("ROOT", "/keg")));
  }

  /** Files without owners, modes, numbers and links, and no mounts. */
  @TestFactory
  Stream<DynamicTest> on_the_files_of_windows() throws IOException {
    return Transcript.each(
        WINDOWS,
        transcript -> transcript.play(new MemoryKeg(Configuration.windows(), "C:\\keg"), Map.of()));
  }

  @TestFactory
  Stream<DynamicTest> with_a_kernel_that_only_remembers() throws IOException {
    return Transcript.each(
        MOUNTING,
        transcript -> {
          MemoryKeg memory = new MemoryKeg(MemoryKeg.UNIX, "/keg");
          prepare(memory.files().getPath("/dir"));
          transcript.play(memory, Map.of("ROOT", "/keg", "DIR", "/dir"));
        });
  }

  /** The files that the mounting transcripts expect in their directory. */
  static void prepare(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("mnt/here"));
    Files.createDirectories(directory.resolve("rootfs/data"));
    Files.writeString(directory.resolve("rootfs/data/of-the-image"), "image\n");
    Files.createDirectories(directory.resolve("source"));
    Files.write(directory.resolve("disk.img"), new byte[1 << 20]);
    Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    Files.writeString(directory.resolve("project.yaml"), PROJECT);
    Files.writeString(directory.resolve(".env"), "PLACE=/from-env\n");
  }

  private static final String PROJECT =
      """
      name: orders
      services:
        db:
          volumes:
            - data:/var/lib/postgresql/data
            - shared:/shared
        cache:
          volumes: ["memory:/cache", "/anonymous", "./source:/source"]
      volumes:
        data: {labels: {tier: gold}}
        memory: {driver: local, driver_opts: {type: tmpfs, device: tmpfs}}
        shared: {external: true}
        unused: {name: plain-name}
      """;

  private static final String COMPOSE =
      """
      name: shop
      services:
        web:
          image: nothing
          volumes:
            - data:/data:ro
            - ./source:${PLACE}
            - {type: tmpfs, target: /tmp, tmpfs: {size: 1m}}
      volumes:
        data: {labels: {tier: web}}
      """;
}
