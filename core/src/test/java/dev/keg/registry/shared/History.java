package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.Attachment;
import dev.keg.error.HolderException;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.record.RecordStore;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The results of random commands on several hosts, and whether they are consistent: two hosts never
 * write to one volume at the same time; a volume that a command created and nobody has begun to
 * remove exists in the end, with its data; and then the store and all hosts agree.
 */
final class History {
  private static final List<String> NAMES = List.of("aa", "bb", "cc", "dd", "ee", "ff");

  /** A reported hold of a host, which the host has not begun to release. */
  private record Hold(String host, String volume, String id, Attachment.Disk disk) {}

  /** The reported new volumes: by id, the host that has the data; empty for a server. */
  private final Map<String, String> made = new HashMap<>();

  /** The number of unrefused attempts to remove a volume. */
  private final Map<String, Integer> removals = new HashMap<>();

  private final Set<Hold> holds = new HashSet<>();
  private int attached;

  synchronized int made() {
    return made.size();
  }

  synchronized int attached() {
    return attached;
  }

  /** Runs a command, which may fail or be killed. */
  void run(Host host, SplittableRandom random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    switch (random.nextInt(6)) {
      case 0, 1 -> create(host, name, name.compareTo("cc") < 0 ? "local" : Host.SERVED);
      case 2 -> remove(host, name);
      case 3 -> host.volumes.rename(name, NAMES.get(random.nextInt(NAMES.size())));
      case 4 -> attach(host, name, random);
      case 5 -> detach(host);
      default -> throw new AssertionError();
    }
    requireOneWriter();
  }

  private void create(Host host, String name, String driver) {
    VolumeRequest request =
        new VolumeRequest(
            new VolumeName(name), driver, Options.NONE, Labels.NONE, Ownership.DEFAULT);
    var result = host.volumes.create(request);
    if (!result.existed()) {
      String id = id(result.volume());
      if (driver.equals("local")) {
        Path data = host.registry.layout().home(result.volume().name()).data();
        FileFailures.run("mark", data, () -> Files.writeString(data.resolve("mark"), id));
      }
      synchronized (this) {
        made.put(id, driver.equals("local") ? host.name : "");
      }
    }
  }

  private static String id(Volume volume) {
    return volume.details().id().text();
  }

  private void remove(Host host, String name) {
    Optional<String> id = host.volumes.existing(name).flatMap(host.registry::find).map(History::id);
    id.ifPresent(volume -> count(volume, 1));
    try {
      host.volumes.remove(name, Removal.Mode.NORMAL);
    } catch (HolderException | OnOtherHost e) {
      id.ifPresent(volume -> count(volume, -1)); // it was refused before it changed anything
      throw e;
    }
  }

  private synchronized void count(String volume, int more) {
    removals.merge(volume, more, Integer::sum);
  }

  private void attach(Host host, String name, SplittableRandom random) {
    Attachment.Disk disk = host.disk("vm" + random.nextInt(2), random.nextInt(3) == 0);
    Optional<Volume> volume = host.volumes.existing(name).flatMap(host.registry::find);
    if (volume.isPresent() && isFree(host, name, disk)) {
      host.attach(name, disk);
      synchronized (this) {
        attached++;
        holds.add(new Hold(host.name, name, id(volume.get()), disk));
      }
    }
  }

  // Applies the rules within one host.
  private boolean isFree(Host host, String name, Attachment.Disk disk) {
    return host.attachments.recorded(new VolumeName(name)).stream()
        .filter(other -> !other.holder().contains(" on host "))
        .allMatch(
            other -> other.readOnly() && disk.readOnly() && !other.holder().equals(disk.holder()));
  }

  private void detach(Host host) {
    Optional<Hold> hold;
    synchronized (this) {
      hold = holds.stream().filter(h -> h.host().equals(host.name)).findFirst();
      hold.ifPresent(holds::remove);
    }
    hold.ifPresent(held -> host.detach(held.volume(), held.disk()));
  }

  private synchronized void requireOneWriter() {
    for (Hold one : holds) {
      for (Hold other : holds) {
        boolean both = one.disk().readOnly() && other.disk().readOnly();
        if (one.id().equals(other.id()) && !one.host().equals(other.host()) && !both) {
          throw new AssertionError(one + " and " + other);
        }
      }
    }
  }

  /** Checks the final state after each host has run a last, undisturbed command. */
  void requireAgreement(RecordStore store, List<Host> hosts) throws IOException {
    for (Host host : hosts) {
      host.registry.openForWriting();
      host.shared.hosts().beat("boot");
    }
    for (Host host : hosts) {
      assertThat(host.shared.check().differences())
          .as("differences on " + host.name)
          .allMatch(difference -> difference.problem().contains("has no record"));
    }
    for (Host host : hosts) {
      try (Stream<Path> pending = Files.list(host.layout.pending())) {
        assertThat(pending).isEmpty();
      }
    }
    Host any = hosts.getFirst();
    Map<String, VolumeName> there =
        any.registry.names().stream()
            .flatMap(name -> any.registry.find(name).stream())
            .collect(Collectors.toMap(History::id, Volume::name));
    made.keySet().removeIf(id -> removals.getOrDefault(id, 0) > 0);
    assertThat(there.keySet()).containsAll(made.keySet());
    for (Map.Entry<String, String> volume : made.entrySet()) {
      VolumeName name = Objects.requireNonNull(there.get(volume.getKey()));
      for (Host host : hosts) {
        if (host.name.equals(volume.getValue())) {
          Path data = host.layout.home(name).data();
          assertThat(Files.readString(data.resolve("mark"))).isEqualTo(volume.getKey());
        }
      }
    }
    for (VolumeName name : there.values()) {
      requireHolders(store, hosts, name);
    }
    for (Hold hold : holds) {
      assertThat(there).containsKey(hold.id());
    }
  }

  private static void requireHolders(RecordStore store, List<Host> hosts, VolumeName name) {
    SharedVolume record =
        SharedVolume.read(name, store.get(SharedVolume.key(name)).orElseThrow().text());
    boolean hasHome =
        hosts.stream()
            .filter(host -> host.shared.membership().host().equals(record.home()))
            .allMatch(host -> Files.isDirectory(host.layout.home(name).data()));
    assertThat(hasHome).as("data of " + name).isTrue();
    TreeSet<String> recorded = new TreeSet<>();
    record.holders().forEach(holder -> recorded.add(holder.hostName() + " " + holder.file()));
    TreeSet<String> here = new TreeSet<>();
    for (Host host : hosts) {
      Member member = new Member("", host.name, host.layout, DirectorySync.NONE, _ -> {}, _ -> {});
      member.holders(name).forEach(holder -> here.add(host.name + " " + holder.file()));
    }
    assertThat(recorded).as("holders of " + name).isEqualTo(here);
  }
}
