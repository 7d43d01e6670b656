package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.error.HolderException;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.MemoryRecords.Fate;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands on several hosts, whose requests are lost before or after the store has acted,
 * and which are killed at one. At no time may two hosts write to one volume; what a command has
 * made and nobody removed is there in the end, with its data; and then the store and all hosts
 * agree.
 */
class ManyHostsTest {
  private static final int HOSTS = 4;
  private static final int STEPS = 250;
  private static final List<Fate> FATES = List.of(Fate.SERVE, Fate.LOST, Fate.ANSWER_LOST);
  private static final List<String> NAMES = List.of("aa", "bb", "cc", "dd", "ee", "ff");

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());

  /** The power of a host fails. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** A hold of which its host was told that it has it, and has not begun to give back. */
  private record Hold(String host, String volume, String id, Attachment.Disk disk) {}

  /** A volume whose creation was told, by its id, until somebody begins to remove it. */
  private final Map<String, String> made = new HashMap<>();

  private final List<Hold> holds = new ArrayList<>();
  private boolean interrupting;
  private int created;
  private int attached;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void two_hosts_never_write_at_once_and_nothing_is_lost(long seed) throws IOException {
    MemoryRecords store = new MemoryRecords(seed % 2 == 0);
    SplittableRandom random = new SplittableRandom(seed);
    new Host("init", files.getPath("/init"), store.connect()).shared.init();
    for (int step = 0; step < STEPS; step++) {
      step(random.nextInt(HOSTS), store, random);
      requireOneWriter();
    }
    assertThat(created).isGreaterThan(STEPS / 50);
    assertThat(attached).isGreaterThan(STEPS / 50);
    requireAgreement(store);
  }

  private void step(int number, MemoryRecords store, SplittableRandom random) {
    try {
      run(host(number, store, random), random);
    } catch (VolumeException | Killed _) {
      // The operator sees an error, or nothing any more.
    }
  }

  /** A process whose requests may fail; before some of them, another host does something. */
  private Host host(int number, MemoryRecords store, SplittableRandom random) {
    int trouble = random.nextInt(4);
    int end = random.nextInt(8);
    int[] requests = {0};
    return new Host(
        "h" + number,
        files.getPath("/h" + number),
        store.connect(
            () -> {
              if (!interrupting && random.nextInt(3) == 0) {
                interrupting = true;
                step((number + 1 + random.nextInt(HOSTS - 1)) % HOSTS, store, random);
                interrupting = false;
              }
              if (trouble == 0 && requests[0]++ == end) {
                throw new Killed();
              }
              return trouble == 1 ? FATES.get(random.nextInt(FATES.size())) : Fate.SERVE;
            }));
  }

  private void run(Host host, SplittableRandom random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    switch (random.nextInt(6)) {
      case 0, 1 -> create(host, name, name.compareTo("cc") < 0 ? "local" : Host.SERVED);
      case 2 -> remove(host, name);
      case 3 -> host.volumes.rename(name, NAMES.get(random.nextInt(NAMES.size())));
      case 4 -> attach(host, name, random);
      case 5 -> detach(host);
      default -> throw new AssertionError();
    }
  }

  private void create(Host host, String name, String driver) {
    VolumeRequest request =
        new VolumeRequest(
            new VolumeName(name), driver, Options.NONE, Labels.NONE, Ownership.DEFAULT);
    var result = host.volumes.create(request);
    if (!result.existed()) {
      created++;
      String id = id(result.volume());
      made.put(id, driver.equals("local") ? host.name : "");
      if (driver.equals("local")) {
        Path data = host.registry.layout().home(result.volume().name()).data();
        FileFailures.run("mark", data, () -> Files.writeString(data.resolve("mark"), id));
      }
    }
  }

  private static String id(Volume volume) {
    return volume.details().id().text();
  }

  private void remove(Host host, String name) {
    Optional<Volume> volume = host.volumes.existing(name).flatMap(host.registry::find);
    Optional<String> home = volume.flatMap(found -> Optional.ofNullable(made.remove(id(found))));
    try {
      host.volumes.remove(name, Removal.Mode.NORMAL);
    } catch (HolderException | OnOtherHost e) {
      // It was refused before anything was done.
      volume.ifPresent(found -> home.ifPresent(where -> made.put(id(found), where)));
      throw e;
    }
  }

  private void attach(Host host, String name, SplittableRandom random) {
    Attachment.Disk disk = host.disk("vm" + random.nextInt(2), random.nextInt(3) == 0);
    Optional<Volume> volume = host.volumes.existing(name).flatMap(host.registry::find);
    if (volume.isPresent() && isFree(host, name, disk)) {
      host.attach(name, disk);
      attached++;
      holds.add(new Hold(host.name, name, id(volume.get()), disk));
    }
  }

  // What the rules within one host are for.
  private boolean isFree(Host host, String name, Attachment.Disk disk) {
    return host.attachments.recorded(new VolumeName(name)).stream()
        .filter(other -> !other.holder().contains(" on host "))
        .allMatch(
            other -> other.readOnly() && disk.readOnly() && !other.holder().equals(disk.holder()));
  }

  private void detach(Host host) {
    Optional<Hold> hold = holds.stream().filter(h -> h.host().equals(host.name)).findFirst();
    if (hold.isPresent()) {
      holds.remove(hold.get());
      host.detach(hold.get().volume(), hold.get().disk());
    }
  }

  private void requireOneWriter() {
    for (Hold one : holds) {
      for (Hold other : holds) {
        boolean both = one.disk().readOnly() && other.disk().readOnly();
        if (one.id().equals(other.id()) && !one.host().equals(other.host()) && !both) {
          throw new AssertionError(one + " and " + other);
        }
      }
    }
  }

  private void requireAgreement(MemoryRecords store) throws IOException {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      Host host = new Host("h" + i, files.getPath("/h" + i), store.connect());
      host.registry.openForWriting();
      hosts.add(host);
    }
    for (Host host : hosts) {
      try (Stream<Path> pending = Files.list(host.layout.pending())) {
        assertThat(pending).isEmpty();
      }
    }
    Host any = new Host("h0", files.getPath("/h0"), store.connect());
    Map<String, VolumeName> there =
        any.registry.names().stream()
            .flatMap(name -> any.registry.find(name).stream())
            .collect(Collectors.toMap(ManyHostsTest::id, Volume::name));
    assertThat(there.keySet()).containsAll(made.keySet());
    for (Map.Entry<String, String> volume : made.entrySet()) {
      if (!volume.getValue().isEmpty()) {
        Path home =
            files.getPath("/" + volume.getValue(), "volumes", name(there, volume.getKey()).text());
        assertThat(Files.readString(home.resolve("_data/mark"))).isEqualTo(volume.getKey());
      }
    }
    requireHolders(store, hosts, there);
  }

  private static VolumeName name(Map<String, VolumeName> there, String id) {
    return Objects.requireNonNull(there.get(id));
  }

  private void requireHolders(
      MemoryRecords store, List<Host> hosts, Map<String, VolumeName> there) {
    for (VolumeName name : there.values()) {
      TreeSet<String> recorded = new TreeSet<>();
      SharedVolume record =
          SharedVolume.read(name, store.connect().get(SharedVolume.key(name)).orElseThrow().text());
      record.holders().forEach(holder -> recorded.add(holder.hostName() + " " + holder.file()));
      TreeSet<String> here = new TreeSet<>();
      boolean hasHome =
          hosts.stream()
              .filter(host -> host.shared.membership().host().equals(record.home()))
              .allMatch(host -> Files.isDirectory(host.registry.layout().home(name).data()));
      assertThat(hasHome).as("data of " + name).isTrue();
      for (Host host : hosts) {
        Member member =
            new Member("", host.name, host.layout, DirectorySync.NONE, _ -> {}, _ -> {});
        member.holders(name).forEach(holder -> here.add(host.name + " " + holder.file()));
      }
      assertThat(recorded).as("holders of " + name).isEqualTo(here);
    }
    for (Hold hold : holds) {
      assertThat(there).containsKey(hold.id());
    }
  }
}
