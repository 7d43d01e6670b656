package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A healthy root in which a volume has a holder, and the program, in this process. */
interface FaultBed {
  Path root();

  Outcome keg(String... words);

  /** Runs a command that must succeed. */
  default void must(String... words) {
    Outcome outcome = keg(words);
    assertThat(outcome.exit()).as("%s: %s", List.of(words), outcome).isZero();
  }

  default Path file(String name) {
    return root().resolve(name);
  }

  /** A file outside the root. */
  default Path beside(String name) {
    return root().resolveSibling(name);
  }

  /** The record of a holder of the volume. */
  default Path record(String volume) throws IOException {
    try (Stream<Path> files = Files.list(file("volumes/" + volume + "/attachments"))) {
      return files.findFirst().orElseThrow();
    }
  }

  /** In-memory files, a clock, and a fake kernel that only remembers mounts. */
  record Memory(MemoryKeg keg, Path root) implements FaultBed {
    @Override
    public Outcome keg(String... words) {
      return keg.run(Invocation.of(words));
    }
  }

  /** This machine. */
  record Machine(Path root) implements FaultBed {
    @Override
    public Outcome keg(String... words) {
      var variables = Map.of("KEG_ROOT", root.toString(), "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      return new MachineKeg(variables).run(Invocation.of(words));
    }
  }

  /** The place where the volume is held. */
  default Path target() {
    return beside("target");
  }

  /** The image of a new volume, {@code db}. */
  default Path image() {
    must("create", "-d", "loop", "-o", "size=8m", "db");
    return file("volumes/db/disk.img");
  }

  /** The file of a new disk, {@code vm}. */
  default Path disk(String format) {
    must("create", "-d", "image", "-o", "size=8m", "-o", "format=" + format, "vm");
    return file("volumes/vm/disk." + format);
  }

  /** A disk outside the root that is adopted as the volume {@code vm}. */
  default Path adopted() throws IOException {
    Path disk = beside("disk.raw");
    Files.write(disk, new byte[1 << 20]);
    must("adopt", "--name", "vm", disk.toString());
    return disk;
  }
}
