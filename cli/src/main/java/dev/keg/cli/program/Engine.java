package dev.keg.cli.program;

import dev.keg.adoption.EngineVolume;
import dev.keg.error.RegistryException.AdoptionRefused;
import dev.keg.file.FileFailures;
import dev.keg.program.Programs;
import dev.keg.program.WatchedProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The command line of docker, podman or nerdctl. */
public record Engine(Programs programs, String program) {
  /** This many names fit on a command line of any system. */
  private static final int BATCH = 100;

  /** All volumes of the engine. */
  public List<EngineVolume> volumes() {
    List<String> names =
        new String(run(List.of("volume", "ls", "-q")), StandardCharsets.UTF_8).lines().toList();
    List<EngineVolume> volumes = new ArrayList<>();
    for (int from = 0; from < names.size(); from += BATCH) {
      List<String> line = new ArrayList<>(List.of("volume", "inspect", "--"));
      line.addAll(names.subList(from, Math.min(names.size(), from + BATCH)));
      volumes.addAll(parse(run(line)));
    }
    return volumes;
  }

  private List<EngineVolume> parse(byte[] text) {
    try {
      return EngineVolume.parse(text);
    } catch (IOException e) {
      throw new AdoptionRefused(program, "cannot read its volumes: " + e.getMessage());
    }
  }

  private byte[] run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    try (WatchedProgram running =
        new WatchedProgram(programs.start(command), WatchedProgram.PATIENCE)) {
      byte[] output = running.answer(program);
      if (running.exitCode() != 0) {
        throw new AdoptionRefused(
            program, "cannot list its volumes: " + running.complaint().strip());
      }
      return output;
    } catch (IOException e) {
      throw new AdoptionRefused(program, "cannot list its volumes: " + FileFailures.reason(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new AdoptionRefused(program, "interrupted");
    }
  }
}
