package dev.keg.cli;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.cli.session.Environment;
import dev.keg.cli.session.Streams;
import dev.keg.fixtures.transcript.CommandRunner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Keg in this process, with in-memory files and a clock that a test advances. */
final class MemoryKeg implements CommandRunner {
  static final Configuration UNIX =
      Configuration.unix().toBuilder().setAttributeViews("basic", "owner", "posix", "unix").build();

  private final FileSystem files;
  private final String root;
  private final Duration step;
  private final RandomGenerator random = new SplittableRandom(1);
  private final FakeSystem system;
  private Instant now = Instant.parse("2026-11-20T10:00:55Z");

  MemoryKeg(Configuration configuration, String root) {
    this(configuration, root, Duration.ZERO);
  }

  /** Advances the clock by this time between one command and the next. */
  MemoryKeg(Configuration configuration, String root, Duration step) {
    this.files = Jimfs.newFileSystem(configuration);
    this.root = root;
    this.step = step;
    this.system = new FakeSystem(files);
  }

  FileSystem files() {
    return files;
  }

  FakeSystem system() {
    return system;
  }

  /** Advances the clock. */
  void wait(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Outcome run(Invocation invocation) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var variables = new HashMap<>(Map.of("KEG_ROOT", root));
    variables.putAll(invocation.environment());
    var environment =
        new Environment(
            variables,
            files,
            Clock.fixed(now, ZoneOffset.UTC),
            random,
            new Streams(
                new ByteArrayInputStream(invocation.input().getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            system);
    int exit = Main.run(environment, invocation.arguments().toArray(String[]::new));
    now = now.plus(step);
    return new Outcome(
        out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), exit);
  }
}
