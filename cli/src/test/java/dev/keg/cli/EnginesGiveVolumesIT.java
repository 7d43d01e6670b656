package dev.keg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keg takes over all volumes of an engine, which continues to use them. */
@NeedsRoot
@NeedsTool(value = "busybox", from = "busybox-static")
@NeedsTool(value = "runc", from = "runc")
@Tag("native")
class EnginesGiveVolumesIT {
  private static final int MANY = 200;

  @RegisterExtension final MachineState machine = new MachineState();

  private final Engines engines = new Engines(machine);

  @AfterEach
  void stopped() throws Exception {
    engines.close();
  }

  private String keg(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("--root", engines.at("keg")));
    all.addAll(List.of(arguments));
    Outcome outcome =
        BuiltProgram.run(
            Map.of("DOCKER_HOST", "unix://" + engines.at("d.sock")), all.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  private static String name(int number) {
    return "v%03d".formatted(number);
  }

  /** Uses the daemon's API: its command line would take seconds for so many volumes. */
  private void create(int number) throws IOException {
    String options = number == 1 ? "\"type\": \"tmpfs\", \"device\": \"tmpfs\"" : "";
    String body =
        "{\"Name\": \"%s\", \"Labels\": {\"number\": \"%d\"}, \"DriverOpts\": {%s}}"
            .formatted(name(number), number, options);
    String request =
        "POST /volumes/create HTTP/1.0\r\nHost: docker\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(engines.at("d.sock")));
      var _ = channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
      String answer = new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.0 201");
    }
  }

  @Test
  @Timeout(300) // for a daemon that does not answer
  @NeedsTool(value = "dockerd", from = "docker.io")
  @NeedsTool(value = "docker", from = "docker.io")
  void two_hundred_volumes_of_docker() throws Exception {
    engines.makeImage();
    engines.startDocker();
    for (int i = 0; i < MANY; i++) {
      create(i);
    }
    var write = "echo before > /data/file";
    engines.succeed(engines.docker(in("v000", write)));

    assertThat(keg("adopt", "--docker").lines()).hasSize(MANY);

    assertThat(keg("ls", "-q").lines()).hasSize(MANY).startsWith("v000", "v001", "v002");
    assertThat(keg("ls", "--filter", "label=number=150", "-q")).isEqualTo("v150\n");
    assertThat(keg("inspect", "--format", "{{json .Options}}", "v001"))
        .isEqualTo("{\"device\":\"tmpfs\",\"type\":\"tmpfs\"}\n");
    Path data = Path.of(keg("inspect", "--format", "{{.Path}}", "v000").strip());
    assertThat(data.resolve("file")).hasContent("before\n");
    engines.succeed(engines.docker(in("v000", "cat /data/file; echo after > /data/file")));
    assertThat(Files.readString(data.resolve("file"))).isEqualTo("after\n");
    assertThat(engines.succeed(engines.docker("volume", "rm", "v199"))).isEqualTo("v199\n");
    assertThat(engines.succeed(engines.docker("volume", "ls", "-q")).lines()).hasSize(MANY - 1);
  }

  private static String[] in(String volume, String command) {
    List<String> run = List.of("run", "--rm", "--network", "none", "-v", volume + ":/data");
    return Engines.with(run, "bb:1", "/bin/sh", "-c", command);
  }
}
