package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.cli.session.Environment;
import dev.keg.cli.session.HostSystem;
import dev.keg.cli.session.Streams;
import dev.keg.fixtures.transcript.CommandRunner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.FileSystems;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Keg in this process, with the files and the kernel of this machine. Programs that it starts have
 * the variables of this process.
 */
record MachineKeg(Map<String, String> variables) implements CommandRunner {
  MachineKeg {
    variables = Map.copyOf(variables);
  }

  @Override
  public Outcome run(Invocation invocation) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(invocation.environment());
    var environment =
        new Environment(
            all,
            FileSystems.getDefault(),
            Clock.systemUTC(),
            new SplittableRandom(),
            new Streams(
                new ByteArrayInputStream(invocation.input().getBytes(UTF_8)),
                new PrintStream(out, false, UTF_8),
                new PrintStream(err, true, UTF_8)),
            HostSystem.ofProcess());
    int exit = Main.run(environment, invocation.arguments().toArray(String[]::new));
    return new Outcome(out.toString(UTF_8), err.toString(UTF_8), exit);
  }
}
