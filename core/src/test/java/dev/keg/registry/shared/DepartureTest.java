package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.NotRegistered;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.file.TreeDeletion;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.RootMarker;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.MemoryRecords.Fate;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.shared.RegistryCopy.Difference;
import dev.keg.registry.shared.RegistryCopy.Result;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepartureTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private MemoryRecords store = new MemoryRecords(true);

  /** A host with two volumes of its own, and one of another host that it has used. */
  @BeforeEach
  void makeRegistry() {
    assertThat(host("web1").shared.init()).isTrue();
    create("web1", "db", "local");
    create("web1", "www", Host.SERVED);
    create("web2", "other", "local");
    create("web2", "shared", Host.SERVED);
    assertThat(host("web1").registry.get("mount", new VolumeName("shared"))).isNotNull();
    beat("web1");
  }

  private Host host(String name) {
    return host(name, () -> Fate.SERVE);
  }

  private Host host(String name, Supplier<Fate> fates) {
    return new Host(name, files.getPath("/" + name), store.connect(fates));
  }

  private void create(String host, String name, String driver) {
    host(host)
        .volumes
        .create(
            new VolumeRequest(
                new VolumeName(name), driver, Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  private void beat(String name) {
    Host host = host(name);
    host.registry.openForWriting();
    host.shared.hosts().beat("boot");
  }

  private static Result leave(Host host) {
    return new Departure(host.shared, host.registry).run();
  }

  private VolumeRegistry own() {
    return new VolumeRegistry(
        new RegistryLayout(files.getPath("/web1")),
        DirectorySync.NONE,
        new SplittableRandom(1),
        _ -> {});
  }

  private static List<String> names(VolumeRegistry registry) {
    return registry.list().stream()
        .flatMap(
            entry ->
                entry instanceof RegistryEntry.Intact(Volume volume)
                    ? Stream.of(volume.name().text())
                    : Stream.empty())
        .toList();
  }

  private List<String> seen(String host) {
    return names(host(host).registry);
  }

  private Path membership() {
    return own().layout().membership();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void a_part_becomes_a_root_with_what_its_host_made(boolean deletes) throws IOException {
    makeAnew(deletes);
    Path mark = files.getPath("/web1/volumes/db/_data/mark");
    Files.writeString(mark, "text");
    host("web2")
        .volumes
        .update(
            "db",
            new VolumeChange(Labels.NONE, List.of(), Optional.of("of web2"), Optional.empty()));

    Host web1 = host("web1");
    assertThat(leave(web1)).isEqualTo(new Result(2, List.of()));

    assertThat(web1.warnings).containsExactly("volume shared stays in memory: host web2 made it");
    assertThat(names(own())).containsExactly("db", "www");
    assertThat(own().find(new VolumeName("db")).orElseThrow().details().description())
        .isEqualTo("of web2");
    assertThat(Files.readString(mark)).isEqualTo("text");
    assertThat(List.of("cache", "pending", "shared.json"))
        .allSatisfy(name -> assertThat(files.getPath("/web1", name)).doesNotExist());
    assertThat(seen("web2")).containsExactly("other", "shared");
    create("web2", "db", "local");
    assertThat(names(own())).containsExactly("db", "www");
    Host web2 = host("web2");
    web2.registry.openForWriting();
    assertThat(web2.shared.check().differences()).isEmpty();
    assertThat(web2.shared.hosts().list())
        .extracting(Hosts.HostEntry::name)
        .doesNotContain(deletes ? "web1" : "nobody");
  }

  @ParameterizedTest
  @CsvSource({"LOST", "ANSWER_LOST", "LATE_CHANGE"})
  void it_is_a_part_or_a_root_whatever_breaks_it_off(Fate lost) throws IOException {
    for (int fatal = 0; isReached(fatal, lost); fatal++) {
      makeAnew(true);
    }
  }

  private boolean isReached(int fatal, Fate lost) {
    int[] number = {0};
    try {
      var _ = leave(host("web1", () -> number[0]++ == fatal ? lost : Fate.SERVE));
    } catch (VolumeException _) {
      store.deliver();
      if (isPart()) {
        assertThat(seen("web1")).as("request " + fatal).contains("db", "www");
      } else {
        assertThat(names(own())).as("request " + fatal).containsExactly("db", "www");
      }
      if (Files.exists(membership())) {
        var _ = leave(host("web1"));
      }
    }
    assertThat(names(own())).as("request " + fatal).containsExactly("db", "www");
    assertThat(seen("web2")).as("request " + fatal).containsExactly("other", "shared");
    create("web2", "db", "local");
    create("web2", "www", "local");
    return number[0] > fatal;
  }

  private void makeAnew(boolean deletes) throws IOException {
    store = new MemoryRecords(deletes);
    for (String host : List.of("web1", "web2")) {
      TreeDeletion.delete(files.getPath("/" + host));
    }
    makeRegistry();
  }

  private boolean isPart() {
    return RootMarker.read(own().layout().marker()).orElseThrow().shared();
  }

  @Test
  void a_root_that_left_halfway_may_come_back() {
    assertThatThrownBy(() -> leave(host("web1", () -> isPart() ? Fate.SERVE : Fate.LOST)))
        .isInstanceOf(CutOff.class);
    assertThat(membership()).exists();
    own().remove(List.of(new VolumeName("www")), Size.ZERO);

    assertThat(
            new TakeOver(host("web1").shared, volume -> volume.driver().equals(Host.SERVED))
                .of(own()))
        .isEqualTo(1);

    assertThat(seen("web1")).contains("db").doesNotContain("www");
    beat("web1");
    Host web1 = host("web1");
    web1.registry.openForWriting();
    assertThat(web1.shared.check().differences()).isEmpty();
  }

  @Test
  void nothing_changes_while_something_does_not_agree() {
    host("web2")
        .volumes
        .update("db", VolumeChange.ofLabels(Labels.NONE.with("keg.backup.every", "1d"), List.of()));

    assertThat(leave(host("web1")).differences())
        .extracting(Difference::name)
        .containsExactly("db");

    assertThat(isPart()).isTrue();
    assertThat(seen("web2")).contains("db", "www");
    host("web1")
        .volumes
        .update("db", VolumeChange.ofLabels(Labels.NONE.with("keg.backup.every", "1d"), List.of()));
    assertThat(leave(host("web1")).differences()).isEmpty();
  }

  @Test
  void problems_of_others_are_ignored() {
    store.connect().put("volumes/torn.json", "{", RecordStore.NONE);
    store.connect().put("volumes/notes.txt", "hello", RecordStore.NONE);
    store.connect().put("volumes/other", "called like a volume", RecordStore.NONE);

    assertThat(leave(host("web1"))).isEqualTo(new Result(2, List.of()));
    assertThat(seen("web2")).containsExactly("other", "shared");
  }

  @Test
  void what_another_host_holds_stays_and_all_with_it() {
    host("web2").attach("www", host("web2").disk("vm2", false));

    assertThatThrownBy(() -> leave(host("web1")))
        .isInstanceOf(InUse.class)
        .hasMessageStartingWith("remove www: volume is in use - [vm2");

    assertThat(isPart()).isTrue();
    assertThat(seen("web2")).containsExactly("db", "other", "shared", "www");
    assertThat(seen("web1")).containsExactly("db", "other", "shared", "www");
  }

  @Test
  void a_mounted_volume_stays() throws IOException {
    RegistryLayout layout = own().layout();
    Path holders = layout.attachments(layout.home(new VolumeName("shared")));
    Files.createDirectories(holders);
    Files.writeString(holders.resolve("a.json"), "{\"kind\":\"mount\",\"target\":\"/srv\"}");

    assertThatThrownBy(() -> leave(host("web1")))
        .isInstanceOf(InUse.class)
        .hasMessage("registry copy shared: volume is in use - [/srv on host web1]");
    assertThat(isPart()).isTrue();
  }

  @Test
  void what_the_registry_has_on_another_host_is_not_taken_from_it() {
    RecordStore raw = store.connect();
    RecordStore.StoredRecord record = raw.get("volumes/db.json").orElseThrow();
    String elsewhere = record.text().replaceFirst("\"home\":\"[^\"]*\"", "\"home\":\"other\"");
    assertThat(raw.put("volumes/db.json", elsewhere, record.version())).isPresent();

    assertThatThrownBy(() -> leave(host("web1"))).isInstanceOf(NotRegistered.class);

    assertThat(isPart()).isTrue();
    assertThat(seen("web2")).contains("db", "www");
  }

  @Test
  void a_root_whose_way_into_the_registry_was_broken_off_does_not_leave_volumes_there() {
    assertThat(leave(host("web1")).differences()).isEmpty();
    List<String> both = List.of("volumes/db.json", "volumes/www.json");
    Host broken =
        host("web1", () -> store.records().keySet().containsAll(both) ? Fate.LOST : Fate.SERVE);
    TakeOver takeOver = new TakeOver(broken.shared, volume -> volume.driver().equals(Host.SERVED));
    assertThatThrownBy(() -> takeOver.of(own())).isInstanceOf(CutOff.class);
    assertThat(seen("web2")).contains("db", "www");

    assertThat(leave(host("web1")).differences())
        .extracting(Difference::name)
        .containsExactly("db", "www");

    assertThat(membership()).exists();
    assertThat(
            new TakeOver(host("web1").shared, volume -> volume.driver().equals(Host.SERVED))
                .of(own()))
        .isEqualTo(2);
    assertThat(leave(host("web1"))).isEqualTo(new Result(2, List.of()));
  }

  @Test
  void a_command_that_waited_meanwhile_creates_nothing_there() {
    Host waiting = host("web1");
    waiting.registry.openForWriting();
    assertThat(names(waiting.registry)).contains("db");
    assertThat(leave(host("web1")).differences()).isEmpty();

    assertThatThrownBy(
            () ->
                waiting.volumes.create(
                    new VolumeRequest(
                        new VolumeName("new"),
                        Host.SERVED,
                        Options.NONE,
                        Labels.NONE,
                        Ownership.DEFAULT)))
        .isInstanceOf(NotShared.class);
    assertThatThrownBy(() -> waiting.attach("other", waiting.disk("vm1", false)))
        .isInstanceOf(VolumeException.class);

    assertThat(names(own())).containsExactly("db", "www");
    assertThat(seen("web2")).containsExactly("other", "shared");
  }

  @Test
  void the_root_is_not_part_of_a_copy_at_another_address() throws IOException {
    Path membership = membership();
    Files.writeString(
        membership, Files.readString(membership).replace("\"memory\"", "\"elsewhere\""));

    assertThatThrownBy(() -> leave(host("web1"))).isInstanceOf(NotShared.class);

    assertThat(membership).content().contains("elsewhere");
    assertThat(seen("web2")).contains("db", "www");
  }

  @Test
  void another_directory_is_no_part() {
    Host web9 = host("web9");

    assertThatThrownBy(() -> leave(web9))
        .isInstanceOf(NotShared.class)
        .hasMessage("registry copy: /web9 is not part of memory");
    assertThat(files.getPath("/web9")).doesNotExist();
  }
}
