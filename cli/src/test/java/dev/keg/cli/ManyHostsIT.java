package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.server.EtcdMembers;
import dev.keg.fixtures.server.HostNetwork;
import dev.keg.fixtures.server.HttpRelay;
import dev.keg.fixtures.server.HttpRelay.Behaviour;
import dev.keg.fixtures.server.S3Proxy;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five hosts execute random commands on one registry for a minute, with real mounts: one member of
 * the store is paused and another one killed, one host is cut off, and the commands of another host
 * are killed at random moments.
 */
@NeedsRoot
@NeedsTime
@NeedsTool(value = "etcd", from = "etcd-server")
@NeedsTool(value = "ip", from = "iproute2")
@NeedsTool(value = "losetup", from = "mount")
@NeedsTool(value = "mkfs.ext4", from = "e2fsprogs")
@Tag("native")
class ManyHostsIT {
  private static final int HOSTS = 5;
  private static final List<Behaviour> TROUBLE =
      EnumSet.complementOf(EnumSet.of(Behaviour.PASS)).stream().toList();

  /** The time within which a command of the mortal host is killed. */
  private static final int LONGEST = BuiltProgram.isNative() ? 500 : 4000;

  private static final int CUT_OFF = 3;
  private static final int MORTAL = 4;
  private static final Duration RUN = Duration.ofSeconds(60);

  @TempDir private Path scratch;

  private final HostHistory history = new HostHistory();

  @Test
  void no_image_has_two_writers_and_nothing_is_lost_on_etcd() throws Exception {
    try (HostNetwork network = HostNetwork.of(HOSTS);
        EtcdMembers members = new EtcdMembers(scratch.resolve("etcd"), 3, HostNetwork.HERE)) {
      String root =
          "etcd://" + members.endpoints().stream().collect(Collectors.joining(",")) + "/keg";
      run(
          network,
          root,
          () -> {
            Thread.sleep(15_000);
            members.pause(0);
            Thread.sleep(8_000);
            members.resume(0);
            members.kill(1);
            Thread.sleep(12_000);
            members.start(1);
          });
    }
  }

  /**
   * Disturbs single requests with undisturbed ones in between, but none of the first ones, which
   * create the registry.
   */
  private static Behaviour trouble(int number) {
    int which = number % 53;
    return number < 50 || which >= TROUBLE.size() * 3 || which % 3 != 0
        ? Behaviour.PASS
        : TROUBLE.get(which / 3);
  }

  @Test
  void no_image_has_two_writers_and_nothing_is_lost_on_s3() throws Exception {
    try (HostNetwork network = HostNetwork.of(HOSTS);
        S3Proxy server = S3Proxy.start(scratch.resolve("s3"), Map.of());
        HttpRelay relay =
            HttpRelay.to(server.endpoint(), InetAddress.getByName(HostNetwork.HERE))) {
      relay.plan((number, _) -> trouble(number));
      String root = "s3://%s/keg?endpoint=%s".formatted(S3Proxy.BUCKET, relay.endpoint());
      run(
          network,
          root,
          () -> {
            Thread.sleep(RUN);
            relay.plan((_, _) -> Behaviour.PASS);
          });
    }
  }

  /** Disturbs the store. */
  @FunctionalInterface
  private interface Trouble {
    void make() throws Exception;
  }

  private void run(HostNetwork network, String root, Trouble trouble) throws Exception {
    List<HostMachine> hosts = new ArrayList<>();
    try {
      for (int i = 0; i < HOSTS; i++) {
        hosts.add(new HostMachine(network, i, scratch, root));
      }
      await(hosts.getFirst());
      history.begin(hosts.getFirst());
      long end = System.nanoTime() + RUN.toNanos();
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
          int number = i;
          work.add(threads.submit(() -> work(hosts, number, end)));
        }
        work.add(threads.submit(() -> cutOff(hosts.get(CUT_OFF), end)));
        trouble.make();
        for (Future<?> one : work) {
          one.get();
        }
      }
      history.requireAgreement(hosts);
    } finally {
      for (HostMachine host : hosts) {
        host.close();
      }
    }
  }

  private static void await(HostMachine host) throws Exception {
    Outcome made = host.keg("registry", "init");
    for (int attempt = 0; made.exit() != 0; attempt++) {
      assertThat(attempt).as(made.errors()).isLessThan(60);
      Thread.sleep(1000);
      made = host.keg("registry", "init");
    }
  }

  private static Void cutOff(HostMachine host, long end) throws Exception {
    Thread.sleep(20_000);
    host.cut();
    Thread.sleep(15_000);
    host.mend();
    assertThat(end - System.nanoTime()).as("time in which the hosts still work").isPositive();
    return null;
  }

  private Void work(List<HostMachine> hosts, int number, long end)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(number);
    HostMachine host = hosts.get(number);
    while (System.nanoTime() < end) {
      host.killCommandsAfter(number == MORTAL ? random.nextInt(20, LONGEST) : Integer.MAX_VALUE);
      history.step(host, random);
      history.requireOneWriter(hosts);
    }
    host.killCommandsAfter(Integer.MAX_VALUE);
    return null;
  }
}
