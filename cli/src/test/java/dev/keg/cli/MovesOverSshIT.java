package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.OtherNetwork;
import dev.keg.fixtures.server.Sshd;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume moves through a real ssh and sshd, while a program writes and the link is cut. */
@NeedsNative
@NeedsTool(value = "ssh", from = "openssh-client")
@NeedsTool(value = "ssh-keygen", from = "openssh-client")
@NeedsTool(value = "sshd", from = "openssh-server")
class MovesOverSshIT {
  private static final int MIB = 1 << 20;
  private static final int CUTS = 5;

  @TempDir Path scratch;
  private Sshd server;
  private String host = "127.0.0.1";
  private BackupShell here;
  private BackupShell there;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean over;

  @BeforeEach
  void start() throws Exception {
    server = Sshd.start(Files.createDirectory(scratch.resolve("sshd")));
    begin("");
    here.keg("create", "--label", "tier=gold", "db");
  }

  private void begin(String options) throws IOException {
    String ssh = server.clientPrograms(server.clientConfiguration(), options).toString();
    here = shell("here", ssh + ":/usr/bin:/bin");
    there = shell("there", ssh + ":/usr/bin:/bin");
  }

  @AfterEach
  void stop() throws IOException {
    over = true;
    if (server != null) {
      server.close();
    }
  }

  private BackupShell shell(String root, String path) {
    return new BackupShell(
        scratch.resolve(root), "", Map.of("PATH", path, "HOME", scratch.toString()));
  }

  private String address() {
    return "ssh://%s:%d%s".formatted(host, server.port(), scratch.resolve("there"));
  }

  @Test
  void no_acknowledged_write_is_lost_though_the_connection_ends_five_times() throws Exception {
    moveWhileSomebodyWrites(server::dropConnections);
  }

  /** Another host in another network: neither side is notified that the link is cut. */
  @Test
  @NeedsRoot
  @NeedsTool(value = "ip", from = "iproute2")
  void no_acknowledged_write_is_lost_though_the_link_is_cut_five_times() throws Exception {
    server.close();
    try (OtherNetwork network = OtherNetwork.make();
        Sshd there = Sshd.start(Files.createDirectory(scratch.resolve("other")), network)) {
      server = there;
      begin("-oServerAliveInterval=1 -oServerAliveCountMax=4");
      host = OtherNetwork.THERE;
      moveWhileSomebodyWrites(() -> cut(network));
    }
  }

  /** Until both sides have noticed. */
  private void cut(OtherNetwork network) {
    try {
      network.cut();
      while (!over && server.isConnected()) {
        LockSupport.parkNanos(50_000_000);
      }
      network.mend();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void moveWhileSomebodyWrites(Runnable interruption) throws Exception {
    here.writeNoise("db", "large", 24 * MIB);
    Path stop = scratch.resolve("stop");
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(stop));
    CompletableFuture<Void> cutting = CompletableFuture.runAsync(() -> interrupt(interruption));

    Outcome moved =
        here.run(
            "move",
            "--limit-upload",
            "12m",
            "--remote",
            BuiltProgram.path(),
            "--pre",
            "touch '%s'; while ! [ -e '%s.done' ]; do sleep 0.02; done".formatted(stop, stop),
            "db",
            address());

    assertThat(moved.exit()).as(moved.errors()).isZero();
    writing.join();
    cutting.join();
    List<String> written =
        IntStream.range(0, acknowledged.get()).mapToObj(Integer::toString).toList();
    // Not containsAll: if syncs are cheap, there are very many lines.
    List<String> arrived = Files.readAllLines(there.data("db").resolve("log"));
    assertThat(arrived).hasSizeGreaterThanOrEqualTo(written.size());
    assertThat(arrived.subList(0, written.size()).equals(written)).isTrue();
    assertThat(there.content("db")).isEqualTo(here.content("db-moved"));
    assertThat(there.keg("inspect", "--format", "{{.Labels.tier}}", "db")).containsExactly("gold");
    assertThat(here.run("inspect", "db").exit()).isEqualTo(1);
    assertThat(here.run("rm", "--force", "db-moved").errors()).contains("protected");
  }

  /** Appends numbers, and writes each to disk before the next, until it is told to stop. */
  private void write(Path stop) {
    try (FileChannel log =
        FileChannel.open(
            here.data("db").resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (!over && !Files.exists(stop)) {
        log.write(ByteBuffer.wrap((acknowledged + "\n").getBytes(StandardCharsets.UTF_8)));
        log.force(true);
        acknowledged.incrementAndGet();
        LockSupport.parkNanos(200_000);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      stopped(stop);
    }
  }

  /** Lets the waiting command continue, also after a failure. */
  private static void stopped(Path stop) {
    try {
      Files.createFile(stop.resolveSibling("stop.done"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Interrupts each time another part of the large file has arrived. */
  private void interrupt(Runnable interruption) {
    Path large = there.data("db").resolve("large");
    for (int cut = 1; cut <= CUTS; cut++) {
      while (!over && large.toFile().length() < cut * 4L * MIB) {
        LockSupport.parkNanos(5_000_000);
      }
      interruption.run();
    }
  }

  @Test
  void a_host_without_keg_is_reported() throws Exception {
    Outcome outcome = here.run("move", "--remote", "/nowhere/keg", "db", address());

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors()).contains("/nowhere/keg", "Hint: install Keg there");
    assertThat(here.keg("mount", "db")).hasSize(1);
  }
}
