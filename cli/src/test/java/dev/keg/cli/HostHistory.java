package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of commands on several hosts, and whether it is consistent: no image is mounted on two
 * hosts, written data is read again, and a volume exists as long as nobody has begun to remove it.
 */
final class HostHistory {
  /** The data of the first ones is in the cluster; that of the others on one host. */
  private static final Pattern NO_RECORD =
      Pattern.compile("^\\S+: (/\\S+) has no record: move it away$", Pattern.MULTILINE);

  private static final List<String> NAMES = List.of("aa", "bb", "cc", "dd", "ee", "ff");

  private static final String DISKS = "ee";
  private static final String LOG = "log";
  private static final int LOOKS = 3;

  /** The volumes that somebody has seen, with the number of lines written to each. */
  private final Map<String, Integer> seen = new TreeMap<>();

  private final Map<String, Integer> removals = new TreeMap<>();
  private int mounted;

  private static String any(SplittableRandom random) {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private static boolean isDisk(String name) {
    return name.compareTo(DISKS) >= 0;
  }

  /** Runs a command on the host, which may fail or be killed. */
  void step(HostMachine host, SplittableRandom random) throws IOException, InterruptedException {
    String name = any(random);
    switch (random.nextInt(9)) {
      case 0, 1 -> create(host, name);
      case 2 -> remove(host, name);
      case 3 -> {
        var _ = host.keg("rename", name, any(random));
      }
      case 4, 5, 6 -> use(host, name, random);
      default -> release(host, random);
    }
  }

  /** Creates a volume of each name. */
  void begin(HostMachine host) throws IOException, InterruptedException {
    for (String name : NAMES) {
      create(host, name);
    }
  }

  private void create(HostMachine host, String name) throws IOException, InterruptedException {
    List<String> driver =
        isDisk(name)
            ? List.of("-d", "image", "-o", "size=4m", "-o", "fs=none")
            : List.of("-d", "rbd", "-o", "size=16m");
    List<String> words = new ArrayList<>(List.of("create"));
    words.addAll(driver);
    words.add(name);
    if (host.keg(words.toArray(String[]::new)).exit() == 0) {
      var _ = id(host, name);
    }
  }

  /** The permanent id of the volume; whoever sees it expects the volume to stay. */
  private Optional<String> id(HostMachine host, String name)
      throws IOException, InterruptedException {
    Outcome inspected = host.keg("inspect", "--format", "{{.Id}}", name);
    // A host that is cut off prints its last known state.
    if (inspected.exit() != 0 || !inspected.errors().isEmpty()) {
      return Optional.empty();
    }
    String id = inspected.output().strip();
    synchronized (this) {
      seen.putIfAbsent(id, 0);
    }
    return Optional.of(id);
  }

  private void remove(HostMachine host, String name) throws IOException, InterruptedException {
    Optional<String> id = id(host, name);
    if (id.isPresent()) {
      count(id.get(), 1);
      Outcome removed = host.keg("rm", id.get());
      boolean refused =
          removed.errors().contains("volume is in use") || removed.errors().contains("is on host");
      if (refused) {
        count(id.get(), -1);
      }
    }
  }

  private synchronized void count(String id, int more) {
    removals.merge(id, more, Integer::sum);
  }

  private void use(HostMachine host, String name, SplittableRandom random)
      throws IOException, InterruptedException {
    if (isDisk(name)) {
      var _ = host.keg("attach", name, "vm" + random.nextInt(2));
      return;
    }
    Path target = host.target(name);
    Outcome outcome = host.keg("mount", "--exclusive", name, target.toString());
    if (outcome.exit() == 0) {
      Optional<String> image = host.imageAt(target);
      assertThat(image)
          .as(
              "%s on %s: %s with%n%s",
              name, host.name(), outcome, String.join("\n", host.mountsAndDevices()))
          .isPresent();
      write(host, target, image.get().substring("keg-".length()));
    }
  }

  private void write(HostMachine host, Path target, String id) throws IOException {
    Path log = host.seen(target).resolve(LOG);
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    synchronized (this) {
      mounted++;
      assertThat(lines).as(id).hasSize(seen.getOrDefault(id, 0));
      Files.writeString(
          log, host.name() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      seen.merge(id, 1, Integer::sum);
    }
  }

  private static void release(HostMachine host, SplittableRandom random)
      throws IOException, InterruptedException {
    if (random.nextInt(4) == 0) {
      var _ = host.keg("detach", NAMES.getLast(), "vm" + random.nextInt(2));
      return;
    }
    for (String target : host.targets()) {
      var _ = host.keg("unmount", target);
    }
  }

  /**
   * Checks that no image is mounted on two hosts. It looks several times, since a look reads a
   * device first and then its image: in between, the hosts, which share their devices, may have
   * given the device to another image.
   */
  void requireOneWriter(List<HostMachine> hosts) throws IOException {
    for (HostMachine one : hosts) {
      for (HostMachine other : hosts) {
        if (one != other) {
          Set<String> both = new HashSet<>(one.mountedImages());
          for (int looks = 0; !both.isEmpty() && looks < LOOKS; looks++) {
            both.retainAll(other.mountedImages());
            both.retainAll(one.mountedImages());
          }
          assertThat(both).as("mounted on %s and %s", one.name(), other.name()).isEmpty();
        }
      }
    }
  }

  /** Checks the final state when nothing disturbs the hosts any more. */
  void requireAgreement(List<HostMachine> hosts) throws IOException, InterruptedException {
    assertThat(mounted).isPositive();
    Map<HostMachine, String> said = new HashMap<>();
    for (HostMachine host : hosts) {
      for (String target : host.targets()) {
        must(host, "unmount", target);
      }
      Outcome repaired = reaching(host, "check", "--repair");
      Outcome beaten = reaching(host, "host", "beat");
      assertThat(beaten.exit()).as("%s: %s", host.name(), beaten).isZero();
      said.put(host, repaired + "\n" + beaten);
    }
    for (HostMachine host : hosts) {
      moveAway(host);
      Outcome checked = reaching(host, "registry", "check");
      assertThat(checked.exit())
          .as(
              "%s: %s after%n%s%nwith%n%s",
              host.name(), checked, said.get(host), String.join("\n", host.files()))
          .isZero();
      assertThat(host.mountedImages()).as(host.name()).isEmpty();
    }
    Set<String> there =
        new TreeSet<>(must(hosts.getFirst(), "ls", "--format", "{{.Id}}").lines().toList());
    Set<String> expected = new TreeSet<>(seen.keySet());
    expected.removeIf(id -> removals.getOrDefault(id, 0) > 0);
    assertThat(there).containsAll(expected);
    for (HostMachine host : hosts) {
      for (String machine : List.of("vm0", "vm1")) {
        for (String disk : List.of("ee", "ff")) {
          var _ = host.keg("detach", disk, machine);
        }
      }
      for (String id : there) {
        var _ = host.keg("rm", id);
      }
    }
    assertThat(must(hosts.getFirst(), "ls", "--quiet")).isEmpty();
    for (HostMachine host : hosts) {
      assertThat(host.mounts()).as(host.name()).isEmpty();
    }
  }

  /**
   * Removes by hand what a check leaves: a killed command can leave a place that belongs to no
   * volume.
   */
  private static void moveAway(HostMachine host) throws IOException, InterruptedException {
    Matcher found = NO_RECORD.matcher(reaching(host, "registry", "check").output());
    while (found.find()) {
      Path home = Path.of(found.group(1));
      Files.move(home, home.resolveSibling("../" + home.getFileName() + ".moved").normalize());
    }
  }

  /** Its output when it reaches the store, which may be slow on a busy machine. */
  private static Outcome reaching(HostMachine host, String... words)
      throws IOException, InterruptedException {
    Outcome outcome = host.keg(words);
    for (int attempt = 0;
        attempt < 30 && outcome.errors().contains("until it answers");
        attempt++) {
      Thread.sleep(1000);
      outcome = host.keg(words);
    }
    return outcome;
  }

  private static String must(HostMachine host, String... words)
      throws IOException, InterruptedException {
    Outcome outcome = reaching(host, words);
    assertThat(outcome.exit())
        .as("%s: %s: %s%s", host.name(), List.of(words), outcome.output(), outcome.errors())
        .isZero();
    return outcome.output();
  }
}
