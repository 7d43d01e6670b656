package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.HasOwnVolumes;
import dev.keg.error.RegistryException.HostMayRun;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.error.RegistryException.NoSharedRegistry;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.NotRegistered;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.error.RegistryException.OtherRegistry;
import dev.keg.error.RegistryException.PartOfShared;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Listing;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.MemoryRecords.Fate;
import dev.keg.registry.record.RecordStore;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedCatalogTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private MemoryRecords store = new MemoryRecords(true);
  private Fate fate = Fate.SERVE;
  private int requests;

  @BeforeEach
  void init() {
    assertThat(host("web1").shared.init()).isTrue();
  }

  /** A new process on the host. */
  private Host host(String name) {
    return new Host(name, files.getPath("/" + name), connection());
  }

  private RecordStore connection() {
    return store.connect(
        () -> {
          requests++;
          return fate;
        });
  }

  private static VolumeRequest request(String name, String driver) {
    return new VolumeRequest(
        new VolumeName(name), driver, Options.NONE, Labels.NONE, Ownership.DEFAULT);
  }

  private static Listing list(Host host) {
    return host.volumes.list(
        VolumeFilter.forList(FilterArguments.parse(List.of()), host.volumes.filterContext()));
  }

  private static List<String> names(Host host) {
    return list(host).volumes().stream().map(volume -> volume.name().text()).toList();
  }

  static void create(Host host, String name, String driver) {
    assertThat(host.volumes.create(request(name, driver)).volume().name().text()).isEqualTo(name);
  }

  private static void remove(Host host, String name) {
    host.volumes.remove(name, Removal.Mode.NORMAL);
  }

  @Test
  void every_host_sees_the_volumes_of_all() {
    create(host("web1"), "db", "local");
    create(host("web2"), "cache", "local");

    assertThat(names(host("web1"))).containsExactly("cache", "db");
    assertThat(host("web3").volumes.inspect("db").volume().details().host().id())
        .isEqualTo(host("web1").shared.membership().host());
  }

  @Test
  void a_missing_registry_is_not_created_implicitly() {
    store = new MemoryRecords(true);

    assertThatThrownBy(() -> create(host("web9"), "db", "local"))
        .isInstanceOf(NoSharedRegistry.class)
        .hasMessage("there is no registry at memory");
    assertThat(store.records()).isEmpty();
  }

  @Test
  void a_directory_of_another_registry_is_refused() {
    create(host("web1"), "db", "local");
    store = new MemoryRecords(true);
    assertThat(host("web2").shared.init()).isTrue();

    // The same address, with a new registry.
    Host moved = new Host("web1", files.getPath("/web1"), new Renamed(connection(), "elsewhere"));
    assertThatThrownBy(() -> names(moved))
        .isInstanceOf(OtherRegistry.class)
        .hasMessage("/web1 is this host's part of the registry memory, not of elsewhere");
  }

  @Test
  void the_directory_of_a_host_is_refused_as_a_registry_of_its_own() {
    Host host = host("web1");
    create(host, "db", "local");
    VolumeRegistry alone =
        new VolumeRegistry(host.layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});

    assertThatThrownBy(alone::openForReading).isInstanceOf(PartOfShared.class);
    assertThatThrownBy(alone::openForWriting).isInstanceOf(PartOfShared.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "resize", "backup"})
  void the_data_of_a_volume_is_used_on_its_host_only(String operation) {
    create(host("web1"), "db", "local");

    assertThatThrownBy(() -> host("web2").registry.get(operation, new VolumeName("db")))
        .isInstanceOf(OnOtherHost.class)
        .hasMessage(operation + " db: the volume is on host web1");
    assertThatThrownBy(() -> remove(host("web2"), "db")).isInstanceOf(OnOtherHost.class);
    assertThat(host("web1").registry.get(operation, new VolumeName("db"))).isNotNull();
  }

  @Test
  void labels_are_changed_from_every_host_and_merged() {
    create(host("web1"), "db", "local");
    Host slow = host("web1");
    slow.registry.openForWriting();
    var before = slow.registry.ids().describe("update", new VolumeName("db"));
    host("web2").volumes.update("db", VolumeChange.ofLabels(Labels.NONE.with("a", "2"), List.of()));
    slow.registry.replace(before, now -> now.withLabels(now.labels().with("b", "1")));

    assertThat(host("web3").volumes.inspect("db").volume().labels().map())
        .isEqualTo(Map.of("a", "2", "b", "1"));
  }

  @Test
  void a_disk_on_a_server_belongs_to_one_host_at_a_time() {
    create(host("web1"), "disk", Host.SERVED);
    Host web1 = host("web1");
    Attachment.Disk vm = web1.disk("vm7", false);
    web1.attach("disk", vm);

    assertThatThrownBy(() -> host("web2").attach("disk", host("web2").disk("vm7", false)))
        .isInstanceOf(InUse.class)
        .hasMessage("mount disk: volume is in use - [vm7 on host web1]");
    assertThatThrownBy(() -> remove(host("web2"), "disk")).isInstanceOf(InUse.class);
    assertThatThrownBy(() -> host("web2").volumes.rename("disk", "d2")).isInstanceOf(InUse.class);
    assertThat(host("web2").attachments.current(new VolumeName("disk")))
        .extracting(Attachment::holder)
        .containsExactly("vm7 on host web1");

    host("web1").detach("disk", vm);
    host("web2").attach("disk", host("web2").disk("vm7", false));
    assertThat(names(host("web1"))).containsExactly("disk");
  }

  @Test
  void another_host_waits_until_the_data_is_unmounted() {
    create(host("web1"), "disk", Host.SERVED);
    Host web1 = host("web1");
    Attachment.Disk vm = web1.disk("vm1", false);
    web1.attach("disk", vm);
    Host web2 = host("web2");

    web1.attachments.remove(
        new VolumeName("disk"),
        vm,
        () ->
            assertThatThrownBy(() -> web2.attach("disk", web2.disk("vm2", false)))
                .isInstanceOf(InUse.class));
    host("web2").attach("disk", web2.disk("vm2", false));
    assertThat(host("web1").volumes.holders(new VolumeName("disk"))).hasSize(1);
  }

  @Test
  void a_host_that_is_killed_while_it_unmounts_holds_the_volume() {
    create(host("web1"), "disk", Host.SERVED);
    Host web1 = host("web1");
    Attachment.Disk vm = web1.disk("vm1", false);
    web1.attach("disk", vm);

    assertThatThrownBy(
            () ->
                web1.attachments.remove(
                    new VolumeName("disk"),
                    vm,
                    () -> {
                      throw new IllegalStateException("killed");
                    }))
        .isInstanceOf(IllegalStateException.class);
    host("web1").registry.openForWriting();
    assertThatThrownBy(() -> host("web2").attach("disk", host("web2").disk("vm2", false)))
        .isInstanceOf(InUse.class);
  }

  @Test
  void readers_on_two_hosts_do_not_mind_each_other() {
    create(host("web1"), "disk", Host.SERVED);
    host("web1").attach("disk", host("web1").disk("vm1", true));
    host("web2").attach("disk", host("web2").disk("vm2", true));

    assertThat(host("web3").volumes.holders(new VolumeName("disk"))).hasSize(2);
  }

  @Test
  void a_name_is_free_again_after_a_removal_and_a_renaming() {
    create(host("web1"), "db", "local");
    host("web1").volumes.rename("db", "old");
    create(host("web2"), "db", "local");
    assertThatThrownBy(() -> host("web1").volumes.rename("old", "db"))
        .isInstanceOf(AlreadyExists.class);
    remove(host("web2"), "db");
    host("web1").volumes.rename("old", "db");

    assertThat(names(host("web2"))).containsExactly("db");
    assertThat(Files.isDirectory(files.getPath("/web1/volumes/db/_data"))).isTrue();
    assertThat(Files.exists(files.getPath("/web2/volumes/db"))).isFalse();
  }

  @Test
  void names_become_free_even_where_nothing_is_deleted() {
    store = new MemoryRecords(false);
    host("web1").shared.init();
    create(host("web3"), "db", "local");
    remove(host("web3"), "db");
    assertThat(names(host("web4"))).isEmpty();
    create(host("web4"), "db", "local");

    assertThat(names(host("web3"))).containsExactly("db");
  }

  @Test
  void a_list_of_what_has_not_changed_takes_one_request() {
    for (int i = 0; i < 20; i++) {
      create(host("web1"), "v" + i, "local");
    }
    assertThat(names(host("web2"))).hasSize(20);
    requests = 0;
    assertThat(names(host("web2"))).hasSize(20);
    assertThat(requests).isEqualTo(1);

    requests = 0;
    assertThat(host("web2").volumes.inspect("v7").overview().holders()).isEmpty();
    assertThat(requests).isEqualTo(1);
  }

  @Test
  void commands_ask_no_more_often_than_the_documentation_says() {
    create(host("web1"), "other", "local");
    List<Integer> asked =
        List.of(
            requestsOf(host -> create(host, "db", "local")),
            requestsOf(host -> host.attach("db", host.disk("vm1", false))),
            requestsOf(host -> host.detach("db", host.disk("vm1", false))),
            requestsOf(
                host ->
                    host.volumes.update(
                        "db", VolumeChange.ofLabels(Labels.NONE.with("a", "1"), List.of()))),
            requestsOf(SharedCatalogTest::names),
            requestsOf(host -> host.volumes.rename("db", "db2")),
            requestsOf(host -> remove(host, "db2")));
    assertThat(asked).containsExactly(2, 2, 2, 2, 1, 8, 3);
  }

  private int requestsOf(Consumer<Host> command) {
    requests = 0;
    command.accept(host("web1"));
    return requests;
  }

  @Test
  void a_disconnected_host_sees_its_last_copy_and_can_release() {
    create(host("web1"), "db", "local");
    Host web1 = host("web1");
    Attachment.Disk vm = web1.disk("vm7", false);
    web1.attach("db", vm);
    fate = Fate.LOST;
    Host cutOff = host("web1");

    assertThat(names(cutOff)).containsExactly("db");
    assertThat(cutOff.warnings)
        .containsExactly(
            "cut off from the shared registry, so this is the last known state: memory: the"
                + " request was lost");
    cutOff.detach("db", vm);
    assertThat(cutOff.warnings.getLast()).contains("still lists what was released here");
    assertThatThrownBy(() -> cutOff.attach("db", vm)).isInstanceOf(CutOff.class);
    assertThatThrownBy(() -> create(cutOff, "new", "local")).isInstanceOf(CutOff.class);

    fate = Fate.SERVE;
    host("web1").registry.openForWriting();
    assertThat(host("web2").volumes.holders(new VolumeName("db"))).isEmpty();
    assertThat(names(host("web2"))).containsExactly("db");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"LOST", "ANSWER_LOST"})
  void what_a_lost_request_leaves_is_whole_or_nothing(Fate lost) {
    create(host("web1"), "old", "local");
    for (int fatal = 0; fatal < 8; fatal++) {
      String name = "v" + lost.name().length() + fatal;
      tryAt(fatal, lost, host -> host.volumes.create(request(name, "local")));
      requireHomes();
      tryAt(fatal, lost, host -> host.volumes.rename(name, name + "x"));
      requireHomes();
      tryAt(fatal, lost, host -> remove(host, name));
      tryAt(fatal, lost, host -> remove(host, name + "x"));
      requireHomes();
    }
    assertThat(names(host("web1"))).contains("old");
  }

  /** Every request of a renaming or a removal in turn arrives after the next command. */
  @Test
  void a_late_request_changes_nothing() {
    for (int late = 0; late < 6; late++) {
      String name = "v" + late;
      create(host("web1"), name, "local");
      tryAt(late, Fate.LATE, host -> host.volumes.rename(name, name + "x"));
      host("web1").registry.openForWriting();
      store.deliver();
      beat();
      assertThat(names(host("web2"))).as("late " + late).hasSize(1);
      String left = names(host("web2")).getFirst();

      tryAt(late, Fate.LATE, host -> remove(host, left));
      host("web1").registry.openForWriting();
      store.deliver();
      beat();
      requireHomes();
      for (String again : names(host("web1"))) {
        remove(host("web1"), again);
      }
      assertThat(store.records().keySet()).noneMatch(key -> key.startsWith("volumes/"));
    }
  }

  /** A renaming, one of whose requests arrives after the next renaming. */
  @ParameterizedTest
  @ValueSource(strings = {"local", Host.SERVED})
  void a_late_name_is_not_a_second_name(String driver) {
    for (int late = 0; late < 8; late++) {
      create(host("web1"), "db", driver);
      tryAt(late, Fate.LATE, host -> host.volumes.rename("db", "late"));
      host("web1").registry.openForWriting();
      host("web1").volumes.rename(names(host("web1")).getFirst(), "last");
      store.deliver();
      assertThat(names(host("web2"))).as("late " + late).containsExactly("last");
      assertThat(host("web2").volumes.existing("late")).as("late " + late).isEmpty();

      beat();
      assertThat(names(host("web2"))).as("late " + late).containsExactly("last");
      assertThat(store.records().keySet().stream().filter(key -> key.startsWith("volumes/")))
          .containsExactly("volumes/last.json");
      remove(host("web1"), "last");
    }
  }

  private void beat() {
    Host host = host("web1");
    host.registry.openForWriting();
    host.shared.hosts().beat("boot");
  }

  @Test
  void what_a_driver_made_of_a_volume_that_the_store_does_not_know_is_told() throws IOException {
    create(host("web1"), "first", "local");
    Host cutOff =
        new Host("web1", files.getPath("/web1"), store.connect(failingFrom(1, Fate.LOST)));
    assertThatThrownBy(() -> create(cutOff, "disk", Host.SERVED)).isInstanceOf(CutOff.class);
    Files.writeString(cutOff.layout.home(new VolumeName("disk")).file("unfinished.json"), "");

    Host next = host("web1");
    assertThat(names(next)).containsExactly("first");

    assertThat(next.deleted).isEmpty();
    assertThat(next.warnings)
        .singleElement()
        .asString()
        .contains("volume disk", "driver " + Host.SERVED, "stays there");
    assertThat(next.layout.home(new VolumeName("disk")).path()).doesNotExist();
  }

  @Test
  void what_a_driver_made_stays_if_the_store_heard_of_the_volume_late() {
    create(host("web1"), "first", "local");
    Host late = new Host("web1", files.getPath("/web1"), store.connect(failingFrom(1, Fate.LATE)));
    assertThatThrownBy(() -> create(late, "disk", Host.SERVED)).isInstanceOf(CutOff.class);
    host("web1").registry.openForWriting();
    store.deliver();
    assertThat(names(host("web2"))).contains("disk");

    Host cutOff =
        new Host("web1", files.getPath("/web1"), store.connect(failingFrom(0, Fate.LOST)));
    assertThatThrownBy(() -> create(cutOff, "other", Host.SERVED)).isInstanceOf(CutOff.class);
    assertThat(cutOff.deleted).as("this host has not seen it yet").doesNotContain("disk");

    Host next = host("web1");
    create(next, "other", Host.SERVED);
    assertThat(next.deleted).doesNotContain("disk");
  }

  @Test
  void no_data_is_deleted_before_the_store_agrees() {
    create(host("web1"), "db", Host.SERVED);
    Host cutOff =
        new Host("web1", files.getPath("/web1"), store.connect(failingFrom(1, Fate.LOST)));
    assertThatThrownBy(() -> remove(cutOff, "db")).isInstanceOf(CutOff.class);
    assertThat(cutOff.deleted).isEmpty();
    assertThat(names(host("web2"))).containsExactly("db");
  }

  @Test
  void a_volume_whose_removal_the_store_has_noted_but_the_host_has_not_done_is_there_again() {
    create(host("web1"), "db", Host.SERVED);
    Host cutOff =
        new Host("web1", files.getPath("/web1"), store.connect(failingFrom(1, Fate.ANSWER_LOST)));
    assertThatThrownBy(() -> remove(cutOff, "db")).isInstanceOf(CutOff.class);
    assertThat(cutOff.deleted).isEmpty();
    host("web1").registry.openForWriting();
    assertThat(names(host("web2"))).containsExactly("db");
  }

  @Test
  void a_volume_whose_driver_refuses_to_delete_it_stays_on_all_hosts() {
    create(host("web1"), "db", Host.SERVED);
    Host host = host("web1");
    host.refusesRemovals = true;
    assertThatThrownBy(() -> remove(host, "db")).isInstanceOf(DriverFailed.class);
    assertThat(names(host("web2"))).containsExactly("db");
    remove(host("web1"), "db");
    assertThat(names(host("web2"))).isEmpty();
  }

  @Test
  void a_holder_does_not_hide_what_was_begun_before() throws IOException {
    create(host("web1"), "db", "local");
    Host host = host("web1");
    host.registry.openForWriting();
    var id = host.registry.get("attach", new VolumeName("db")).details().id();
    Files.writeString(host.layout.pending().resolve("db"), "CREATE " + id.text());
    host.attach("db", host.disk("vm1", false));
    assertThat(Files.readString(host.layout.pending().resolve("db"))).startsWith("CREATE ");

    host("web1").registry.openForWriting();
    assertThat(host.layout.pending()).isEmptyDirectory();
    assertThat(host("web2").volumes.holders(new VolumeName("db"))).hasSize(1);
  }

  @Test
  void what_a_slow_command_has_read_is_what_it_changes() {
    create(host("web1"), "db", Host.SERVED);
    Host slow = host("web1");
    slow.registry.openForWriting();
    var read = slow.registry.ids().describe("update", new VolumeName("db"));
    host("web2").volumes.update("db", VolumeChange.ofLabels(Labels.NONE.with("a", "2"), List.of()));
    // The same process reads it again, but has decided based on the first read.
    slow.registry.catalog().hold(new VolumeName("db"), "x.json", new byte[0]);
    slow.registry.replace(read, now -> now.withLabels(now.labels().with("b", "1")));

    assertThat(host("web3").volumes.inspect("db").volume().labels().map())
        .isEqualTo(Map.of("a", "2", "b", "1"));
  }

  /** At whichever of the command's requests another host protects it. */
  @ParameterizedTest
  @ValueSource(strings = {"rm", "prune", "rename"})
  void what_another_host_protects_meanwhile_stays_and_is_protected(String command) {
    boolean reached = true;
    for (int point = 0; reached; point++) {
      create(host("web1"), "db", "local");
      int request = point;
      int[] requests = {0};
      AtomicBoolean isProtected = new AtomicBoolean();
      RecordStore slow =
          store.connect(
              () -> {
                if (requests[0]++ == request) {
                  isProtected.set(
                      tried(
                          () ->
                              host("web2").volumes.update("db", protecting(Protection.always()))));
                }
                return Fate.SERVE;
              });
      boolean _ = tried(() -> run(command, new Host("web1", files.getPath("/web1"), slow)));
      reached = requests[0] > point;

      Host later = host("web1");
      List<Volume> left = list(later).volumes();
      if (isProtected.get()) {
        assertThat(left)
            .as("at request %d", point)
            .extracting(volume -> volume.details().protection())
            .containsExactly(Protection.always());
      }
      for (Volume volume : left) {
        later.volumes.update(volume.name().text(), protecting(Protection.none()));
        remove(later, volume.name().text());
      }
    }
  }

  private static VolumeChange protecting(Protection protection) {
    return new VolumeChange(Labels.NONE, List.of(), Optional.empty(), Optional.of(protection));
  }

  private static boolean tried(Runnable command) {
    try {
      command.run();
      return true;
    } catch (VolumeException _) {
      return false;
    }
  }

  private static void run(String command, Host host) {
    switch (command) {
      case "rm" -> remove(host, "db");
      case "rename" -> host.volumes.rename("db", "orders");
      default -> {
        VolumeFilter all =
            VolumeFilter.forPrune(true, FilterArguments.NONE, host.volumes.filterContext());
        for (VolumeException problem : host.volumes.pruning().prune(all).problems()) {
          throw problem;
        }
      }
    }
  }

  /** All requests fail from this one on; the first is number 0. */
  private static Supplier<Fate> failingFrom(int first, Fate fate) {
    int[] number = {0};
    return () -> number[0]++ < first ? Fate.SERVE : fate;
  }

  /** Runs a command on the host, one of whose requests fails. */
  private void tryAt(int fatal, Fate fate, Consumer<Host> command) {
    int[] number = {0};
    RecordStore failing = store.connect(() -> number[0]++ == fatal ? fate : Fate.SERVE);
    try {
      command.accept(new Host("web1", files.getPath("/web1"), failing));
    } catch (VolumeException _) {
      // The next command repairs it.
    }
  }

  private void requireHomes() {
    Host host = host("web1");
    host.registry.openForWriting();
    List<String> homes =
        FileFailures.translate(
            "list",
            host.layout.volumes(),
            () ->
                DirectoryEntries.of(host.layout.volumes()).stream()
                    .map(home -> home.getFileName().toString())
                    .toList());
    assertThat(homes).containsExactlyInAnyOrderElementsOf(names(host));
  }

  @Test
  void what_a_host_held_before_is_no_holder_of_another_volume_of_that_name() {
    create(host("web1"), "disk", Host.SERVED);
    Host dead = host("web2");
    dead.attach("disk", dead.disk("vm2", false));
    Host web1 = host("web1");
    web1.registry.openForWriting();
    Hosts hosts = web1.shared.hosts();
    hosts.remove(hosts.find("web2"), Hosts.Evidence.FENCED, Hosts.OwnVolumes.KEEP);
    remove(host("web1"), "disk");
    create(host("web1"), "disk", Host.SERVED);

    Host back = host("web2");
    back.registry.openForWriting();
    back.shared.hosts().beat("boot 2");

    assertThat(host("web1").attachments.recorded(new VolumeName("disk"))).isEmpty();
    assertThat(back.shared.check().differences()).hasSize(1);
    remove(host("web1"), "disk");
  }

  @Test
  void a_host_that_was_given_up_does_not_take_its_volume_back() {
    create(host("web1"), "disk", Host.SERVED);
    Host dead = host("web2");
    dead.attach("disk", dead.disk("vm2", false));
    Host web1 = host("web1");
    web1.registry.openForWriting();
    Hosts hosts = web1.shared.hosts();
    assertThatThrownBy(
            () -> hosts.remove(hosts.find("web2"), Hosts.Evidence.NONE, Hosts.OwnVolumes.KEEP))
        .isInstanceOf(HostMayRun.class);
    hosts.remove(hosts.find("web2"), Hosts.Evidence.FENCED, Hosts.OwnVolumes.KEEP);
    host("web1").attach("disk", web1.disk("vm1", false));

    Host back = host("web2");
    back.registry.openForWriting();
    back.shared.hosts().beat("boot 2");
    back.attachments.remove(new VolumeName("disk"), back.disk("other", false));
    assertThat(back.warnings)
        .contains(
            "volume disk is held here by vm2 on host web2, and the registry has given it to vm1 on"
                + " host web1: stop one of them");
    assertThat(host("web1").attachments.recorded(new VolumeName("disk")))
        .extracting(Attachment::holder)
        .containsExactly("vm1");
  }

  @Test
  void the_names_of_a_host_that_is_gone_are_free_again_if_somebody_says_so() {
    create(host("web2"), "db", "local");
    create(host("web2"), "shared", Host.SERVED);
    host("web2").attach("shared", host("web2").disk("vm2", false));
    Host web1 = host("web1");
    web1.registry.openForWriting();
    Hosts hosts = web1.shared.hosts();
    assertThatThrownBy(
            () -> hosts.remove(hosts.find("web2"), Hosts.Evidence.NONE, Hosts.OwnVolumes.FORGET))
        .isInstanceOf(HostMayRun.class)
        .hasMessage(
            "host rm web2: it holds 1 volumes, has the data of 1, and may still be running");
    assertThat(names(host("web1"))).containsExactly("db", "shared");

    assertThat(hosts.remove(hosts.find("web2"), Hosts.Evidence.FENCED, Hosts.OwnVolumes.FORGET))
        .containsExactly(new VolumeName("db"));
    assertThat(hosts.list()).isEmpty();
    create(host("web1"), "db", "local");
    host("web1").attach("shared", host("web1").disk("vm1", false));

    Host back = host("web2");
    assertThat(names(back)).containsExactly("db", "shared");
    assertThatThrownBy(() -> back.registry.get("mount", new VolumeName("db")))
        .isInstanceOf(OnOtherHost.class);
    assertThat(Files.isDirectory(back.layout.home(new VolumeName("db")).data())).isTrue();
  }

  @Test
  void a_host_is_silent_by_the_clock_of_the_store() {
    create(host("web2"), "disk", Host.SERVED);
    host("web2").attach("disk", host("web2").disk("vm2", false));
    Host web1 = host("web1");
    web1.registry.openForWriting();
    Hosts hosts = web1.shared.hosts();
    Host web2 = host("web2");
    web2.registry.openForWriting();
    web2.shared.hosts().beat("boot 1");
    assertThatThrownBy(
            () -> hosts.remove(hosts.find("web2"), Hosts.Evidence.SILENT, Hosts.OwnVolumes.KEEP))
        .isInstanceOf(HostMayRun.class)
        .hasMessage("host rm web2: it was seen 0 s ago");
    assertThat(hosts.silent()).isEmpty();

    store.wait(Hosts.SILENCE);
    assertThat(hosts.silent()).extracting(Hosts.HostEntry::name).containsExactly("web2");
    assertThat(web2.shared.hosts().silent()).as("this host itself runs").isEmpty();
    hosts.remove(hosts.find("web2"), Hosts.Evidence.SILENT, Hosts.OwnVolumes.KEEP);
    assertThat(hosts.list()).isEmpty();
  }

  @Test
  void a_record_that_cannot_be_read_does_not_hide_the_others() {
    create(host("web1"), "good", "local");
    RecordStore raw = store.connect();
    raw.put("volumes/torn.json", "{\"schema\":1,\"ser", RecordStore.NONE);
    raw.put("volumes/newer.json", "{\"schema\":99,\"x\":1}", RecordStore.NONE);
    raw.put("volumes/notes.txt", "hello", RecordStore.NONE);

    Listing listing = list(host("web2"));
    assertThat(listing.volumes()).hasSize(1);
    assertThat(listing.problems())
        .extracting(Throwable::getMessage)
        .anyMatch(text -> text.startsWith("volumes/newer.json has schema 99"))
        .anyMatch(text -> text.startsWith("memory: volumes/notes.txt is not a volume"))
        .anyMatch(text -> text.startsWith("volume torn is damaged: volumes/torn.json: it is cut"));
    assertThatThrownBy(() -> host("web2").volumes.inspect("torn")).isInstanceOf(Damaged.class);
    assertThatThrownBy(() -> host("web2").volumes.inspect("newer")).isInstanceOf(NewerSchema.class);
  }

  @Test
  void a_directory_with_volumes_of_its_own_loses_none_of_them() {
    Host host = host("web5");
    VolumeRegistry alone =
        new VolumeRegistry(host.layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
    alone.openForWriting();
    var volume = request("db", "local").volume(Host.NOW);
    alone.publish(volume, alone.stage(volume.name(), PoolName.DEFAULT));

    assertThatThrownBy(() -> names(host)).isInstanceOf(HasOwnVolumes.class);
    assertThatThrownBy(() -> create(host("web5"), "db", "local")).isInstanceOf(HasOwnVolumes.class);
    assertThat(alone.names()).containsExactly(new VolumeName("db"));
  }

  @Test
  void only_its_owner_enters_the_directory_of_a_host() throws IOException {
    var _ = host("web6").shared.membership();

    for (String directory : List.of("", "cache", "pending")) {
      assertThat(Files.getPosixFilePermissions(files.getPath("/web6", directory)))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void incomplete_work_does_not_keep_a_host_from_its_other_volumes() throws IOException {
    create(host("web1"), "good", "local");
    create(host("web1"), "torn", "local");
    RecordStore raw = store.connect();
    raw.put("volumes/torn.json", "{}", raw.get("volumes/torn.json").orElseThrow().version());
    Files.writeString(files.getPath("/web1/pending/torn"), "HOLDERS ");
    Host host = host("web1");

    host.attach("good", host.disk("vm1", false));
    assertThat(host.warnings)
        .singleElement()
        .asString()
        .startsWith("an operation on volume torn is incomplete: volume torn is damaged");
  }

  @Test
  void a_problem_of_a_host_or_a_volume_is_reported_and_stops_no_host() throws IOException {
    create(host("web1"), "bad", "local");
    create(host("web1"), "good", "local");
    RecordStore raw = store.connect();
    raw.put("hosts/nobody.json", "{}", RecordStore.NONE);
    var record = raw.get("volumes/bad.json").orElseThrow();
    String renamed = record.text().replace("\"renamedFrom\":\"\"", "\"renamedFrom\":\"good\"");
    raw.put("volumes/bad.json", renamed, record.version());
    Files.writeString(files.getPath("/web1/volumes/good/volume.json"), "{}");
    Host host = host("web1");
    host.registry.openForWriting();

    host.shared.hosts().beat("boot");
    assertThat(host.shared.hosts().list()).hasSize(1);
    assertThat(host.warnings)
        .anyMatch(
            text ->
                text.startsWith("an operation on volume bad is incomplete: volume good is damaged"))
        .anyMatch(text -> text.contains("hosts/nobody.json"));
  }

  @Test
  void a_volume_that_has_the_name_meanwhile_is_not_changed() {
    create(host("web1"), "db", Host.SERVED);
    Host slow = host("web1");
    slow.registry.openForWriting();
    var before = slow.registry.ids().describe("update", new VolumeName("db"));
    remove(host("web2"), "db");
    create(host("web2"), "db", Host.SERVED);

    assertThatThrownBy(
            () -> slow.registry.replace(before, now -> now.withLabels(Labels.NONE.with("b", "1"))))
        .isInstanceOf(NotFound.class);
    assertThat(host("web2").volumes.inspect("db").volume().labels().map()).isEmpty();
  }

  @Test
  void what_a_host_keeps_of_a_volume_that_another_one_removed_is_not_deleted() throws IOException {
    create(host("web1"), "db", Host.SERVED);
    Path kept = Files.createDirectories(files.getPath("/web1/volumes/db/snapshots/before/_data"));
    remove(host("web2"), "db");

    assertThatThrownBy(() -> create(host("web1"), "db", Host.SERVED))
        .isInstanceOf(NotRegistered.class);
    assertThat(kept).isDirectory();
    Host web1 = host("web1");
    web1.registry.openForWriting();
    assertThat(web1.shared.check().differences()).hasSize(1);
  }

  @Test
  void a_volume_that_has_the_name_meanwhile_is_not_held() {
    create(host("web1"), "db", Host.SERVED);
    Host slow = host("web1");
    slow.registry.openForWriting();
    var _ = slow.registry.get("attach", new VolumeName("db"));
    remove(host("web2"), "db");
    create(host("web2"), "db", Host.SERVED);

    assertThatThrownBy(() -> slow.attach("db", slow.disk("vm1", false)))
        .isInstanceOf(NotFound.class);
    assertThat(host("web2").volumes.holders(new VolumeName("db"))).isEmpty();
  }

  @Test
  void a_volume_that_is_made_for_a_holder_is_held_from_the_beginning() {
    Host host = host("web1");
    host.registry.openForWriting();
    var volume = request("disk", "local").volume(Host.NOW);
    var staged = host.registry.stage(volume.name(), PoolName.DEFAULT);
    host.attachments.add(volume.name(), staged, host.disk("vm1", false));
    host.registry.publish(volume, staged);

    assertThat(host("web2").attachments.recorded(volume.name()))
        .extracting(Attachment::holder)
        .containsExactly("vm1 on host web1");
  }

  @Test
  void the_silence_of_a_host_that_was_never_seen_begins_when_somebody_asks() {
    create(host("web2"), "disk", Host.SERVED);
    host("web2").attach("disk", host("web2").disk("vm2", false));
    Host web1 = host("web1");
    web1.registry.openForWriting();
    Hosts hosts = web1.shared.hosts();
    for (String why : List.of("it is not known when it was last seen", "it was seen 0 s ago")) {
      assertThatThrownBy(
              () -> hosts.remove(hosts.find("web2"), Hosts.Evidence.SILENT, Hosts.OwnVolumes.KEEP))
          .isInstanceOf(HostMayRun.class)
          .hasMessageContaining(why);
    }

    store.wait(Hosts.SILENCE);
    hosts.remove(hosts.find("web2"), Hosts.Evidence.SILENT, Hosts.OwnVolumes.KEEP);
    assertThat(host("web1").volumes.holders(new VolumeName("disk"))).isEmpty();
  }

  /** A store at another address. */
  private record Renamed(RecordStore store, String address) implements RecordStore {
    @Override
    public Optional<StoredRecord> get(String key) {
      return store.get(key);
    }

    @Override
    public Optional<String> put(String key, String text, String expected) {
      return store.put(key, text, expected);
    }

    @Override
    public boolean delete(String key, String expected) {
      return store.delete(key, expected);
    }

    @Override
    public List<ListedRecord> list(String folder) {
      return store.list(folder);
    }

    @Override
    public Optional<Instant> time() {
      return store.time();
    }

    @Override
    public boolean probe() {
      return store.probe();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
