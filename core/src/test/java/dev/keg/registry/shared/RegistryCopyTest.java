package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.NotShared;
import dev.keg.error.RegistryException.OtherRegistry;
import dev.keg.error.RegistryException.PartOfShared;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.MemoryRecords.Fate;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.shared.RegistryCopy.Difference;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryCopyTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final MemoryRecords old = new MemoryRecords(true);
  private final MemoryRecords fresh = new MemoryRecords(true);

  private Host host(String name, MemoryRecords store) {
    return new Host(name, files.getPath("/" + name), store.connect());
  }

  private static void create(Host host, String name, String driver) {
    host.volumes.create(
        new VolumeRequest(
            new VolumeName(name), driver, Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  private RegistryCopy copy(Supplier<Fate> fates) {
    return new RegistryCopy(
        host("web1", old).shared,
        new Host("web1", files.getPath("/web1"), fresh.connect(fates)).shared);
  }

  private RegistryCopy copy() {
    return copy(() -> Fate.SERVE);
  }

  private static List<String> names(Host host) {
    return host.registry.names().stream().map(VolumeName::text).toList();
  }

  private void makeOld() {
    assertThat(host("web1", old).shared.init()).isTrue();
    create(host("web1", old), "db", "local");
    create(host("web2", old), "shared", Host.SERVED);
    Host web2 = host("web2", old);
    web2.registry.openForWriting();
    web2.shared.hosts().beat("boot");
  }

  @Test
  void a_copy_is_the_same_registry_for_all_hosts() {
    makeOld();
    assertThat(copy().copy()).isEqualTo(new RegistryCopy.Result(3, List.of()));
    assertThat(copy().compare()).isEmpty();

    // Both have the same address here, as if a DNS name led elsewhere.
    assertThat(names(host("web1", fresh))).containsExactly("db", "shared");
    host("web1", fresh)
        .volumes
        .update("db", VolumeChange.ofLabels(Labels.NONE.with("a", "1"), List.of()));
    assertThat(copy().compare())
        .containsExactly(new Difference("volumes/db.json", "is newer at memory"));
    create(host("web1", old), "late", "local");
    assertThat(copy().copy())
        .isEqualTo(
            new RegistryCopy.Result(
                1, List.of(new Difference("volumes/db.json", "is newer at memory"))));
    create(host("web1", fresh), "new", "local");
    assertThat(copy().compare()).contains(new Difference("volumes/new.json", "is only at memory"));
  }

  @Test
  void nothing_is_copied_over_what_hosts_have_begun() {
    makeOld();
    MemoryRecords other = new MemoryRecords(true, "other");
    RegistryCopy copy = new RegistryCopy(host("web1", old).shared, host("web1", other).shared);
    assertThat(copy.copy().copied()).isEqualTo(3);
    assertThat(copy.copy().copied()).isZero();
    create(host("web1", old), "late", "local");
    assertThat(copy.copy().copied()).isEqualTo(1);
    Attachment.Disk vm = host("web2", other).disk("vm2", false);
    host("web2", other).attach("shared", vm);
    for (int i = 0; i < 3; i++) {
      String label = "l" + i;
      host("web1", old)
          .volumes
          .update("shared", VolumeChange.ofLabels(Labels.NONE.with(label, "1"), List.of()));
    }

    assertThatThrownBy(copy::copy)
        .isInstanceOf(NotShared.class)
        .hasMessage("registry copy: hosts already use other; a copy would overwrite their changes");
    assertThat(host("web1", other).volumes.holders(new VolumeName("shared"))).hasSize(1);
    assertThat(copy.compare()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"LOST", "ANSWER_LOST"})
  void a_copy_that_is_cut_off_is_completed_by_the_next_one(Fate lost) {
    makeOld();
    for (int fatal = 0; fatal < 12; fatal++) {
      int[] number = {0};
      int last = fatal;
      try {
        var _ = copy(() -> number[0]++ == last ? lost : Fate.SERVE).copy();
      } catch (VolumeException _) {
        // The next one completes it.
      }
    }
    assertThat(copy().copy().differences()).isEmpty();
    assertThat(copy().compare()).isEmpty();
  }

  @Test
  void another_registry_is_not_mixed_with_it() {
    makeOld();
    assertThat(host("web9", fresh).shared.init()).isTrue();

    assertThatThrownBy(() -> copy().copy()).isInstanceOf(OtherRegistry.class);
    assertThatThrownBy(() -> copy().compare()).isInstanceOf(OtherRegistry.class);
  }

  @Test
  void what_cannot_be_read_is_copied_once_and_never_replaced() {
    makeOld();
    RecordStore raw = old.connect();
    String version = raw.put("volumes/torn.json", "{", RecordStore.NONE).orElseThrow();
    assertThat(copy().copy().copied()).isEqualTo(4);
    raw.put("volumes/torn.json", "{}", version);

    assertThat(copy().copy().differences())
        .singleElement()
        .matches(difference -> difference.problem().startsWith("volume torn is damaged"));
  }

  private VolumeRegistry own() {
    return new VolumeRegistry(
        new RegistryLayout(files.getPath("/own")),
        DirectorySync.NONE,
        new SplittableRandom(1),
        _ -> {});
  }

  private void makeOwn(String name, String driver) {
    VolumeRegistry root = own();
    root.openForWriting();
    Volume volume =
        new VolumeRequest(
                new VolumeName(name), driver, Options.NONE, Labels.NONE, Ownership.DEFAULT)
            .volume(Host.NOW);
    var staged = root.stage(volume.name(), PoolName.DEFAULT);
    try {
      Files.createDirectory(staged.data());
      Files.writeString(staged.data().resolve("mark"), name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    root.publish(volume, staged);
  }

  private int takeOver(Supplier<Fate> fates) {
    Host host = new Host("own", files.getPath("/own"), fresh.connect(fates));
    return new TakeOver(host.shared, volume -> volume.driver().equals(Host.SERVED)).of(own());
  }

  @Test
  void a_root_becomes_a_part_with_all_that_is_in_it() throws IOException {
    makeOwn("db", "local");
    makeOwn("shared", Host.SERVED);
    assertThat(takeOver(() -> Fate.SERVE)).isEqualTo(2);

    assertThatThrownBy(() -> own().openForReading()).isInstanceOf(PartOfShared.class);
    Host host = host("own", fresh);
    assertThat(names(host)).containsExactly("db", "shared");
    assertThat(host.shared.check().differences()).isEmpty();
    assertThat(Files.readString(host.layout.home(new VolumeName("db")).data().resolve("mark")))
        .isEqualTo("db");
    assertThat(host("web2", fresh).registry.get("mount", new VolumeName("shared"))).isNotNull();
    Attachment.Disk vm = host.disk("vm1", false);
    host.attach("db", vm);
    assertThat(host("web2", fresh).volumes.holders(new VolumeName("db"))).hasSize(1);
  }

  @Test
  void a_command_that_waited_for_a_lock_meanwhile_does_not_continue_with_the_root() {
    makeOwn("db", "local");
    VolumeRegistry waiting = own();
    waiting.openForWriting();
    assertThat(takeOver(() -> Fate.SERVE)).isEqualTo(1);

    VolumeName db = new VolumeName("db");
    assertThatThrownBy(() -> waiting.lock().lock(db)).isInstanceOf(PartOfShared.class);
    assertThatThrownBy(() -> waiting.lock().lockAll()).isInstanceOf(PartOfShared.class);
    assertThatThrownBy(() -> waiting.lock().tryLock(db)).isInstanceOf(PartOfShared.class);
    assertThatThrownBy(() -> waiting.lock().tryLock(db))
        .as("the lock was released")
        .isInstanceOf(PartOfShared.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"LOST", "ANSWER_LOST"})
  void a_root_is_its_own_until_all_is_known(Fate lost) {
    makeOwn("db", "local");
    makeOwn("gone", "local");
    VolumeName gone = new VolumeName("gone");
    int attempts = 0;
    boolean removed = false;
    while (!isTakenOver(attempts, lost)) {
      attempts++;
      if (!removed && fresh.records().containsKey(SharedVolume.key(gone))) {
        own().remove(List.of(gone), Size.ZERO);
        removed = true;
      }
    }
    assertThat(removed).isTrue();
    Host host = host("own", fresh);
    assertThat(names(host)).containsExactly("db");
    assertThat(host.shared.check().differences()).isEmpty();
  }

  private boolean isTakenOver(int fatal, Fate lost) {
    int[] number = {0};
    try {
      var _ = takeOver(() -> number[0]++ == fatal ? lost : Fate.SERVE);
      return true;
    } catch (VolumeException _) {
      assertThat(own().names()).contains(new VolumeName("db"));
      return false;
    }
  }

  @Test
  void a_name_that_is_taken_stops_everything() {
    assertThat(host("web2", fresh).shared.init()).isTrue();
    create(host("web2", fresh), "www", "local");
    makeOwn("db", "local");
    makeOwn("www", "local");

    assertThatThrownBy(() -> takeOver(() -> Fate.SERVE)).isInstanceOf(AlreadyExists.class);
    assertThat(names(host("web2", fresh))).containsExactly("www");
    assertThat(own().names()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void a_name_taken_meanwhile_stays_with_its_new_owner(int moment) {
    assertThat(host("web2", fresh).shared.init()).isTrue();
    makeOwn("db", "local");
    int[] number = {0};
    boolean[] first = {false};

    try {
      var _ =
          takeOver(
              () -> {
                if (number[0]++ == moment) {
                  first[0] = isCreated(host("web2", fresh), "db");
                }
                return Fate.SERVE;
              });
      assertThat(first[0]).isFalse();
    } catch (AlreadyExists _) {
      assertThat(first[0]).isTrue();
    }
    Host web2 = host("web2", fresh);
    boolean there =
        web2.registry.catalog().isHere(web2.registry.ids().describe("get", new VolumeName("db")));
    assertThat(there).isEqualTo(first[0]);
  }

  private static boolean isCreated(Host host, String name) {
    try {
      create(host, name, "local");
      return host.registry
          .catalog()
          .isHere(host.registry.ids().describe("get", new VolumeName(name)));
    } catch (VolumeException _) {
      return false;
    }
  }

  @Test
  void a_withdrawal_that_comes_too_late_is_taken_back() {
    makeOld();
    create(host("web1", old), "late", "local");
    VolumeName late = new VolumeName("late");
    RecordStore raw = old.connect();
    RecordStore.StoredRecord record = raw.get(SharedVolume.key(late)).orElseThrow();
    String text = SharedVolume.read(late, record.text()).removing().next("web1");
    assertThat(raw.put(SharedVolume.key(late), text, record.version())).isPresent();

    Host host = host("web1", old);
    host.registry.openForWriting();
    assertThat(host.shared.check().differences())
        .containsExactly(new Difference("late", "its removal is incomplete: keg host beat"));
    host.shared.hosts().beat("boot");
    assertThat(names(host("web1", old))).contains("late");
  }

  @Test
  void a_root_whose_volumes_are_mounted_is_not_taken() throws IOException {
    makeOwn("db", "local");
    RegistryLayout layout = own().layout();
    Path holders = layout.attachments(layout.home(new VolumeName("db")));
    Files.createDirectories(holders);
    Files.writeString(holders.resolve("a.json"), "{\"kind\":\"mount\",\"target\":\"/srv\"}");

    assertThatThrownBy(() -> takeOver(() -> Fate.SERVE))
        .isInstanceOf(InUse.class)
        .hasMessage("registry copy db: volume is in use - [/srv on host own]");
  }

  @Test
  void a_check_names_the_differences() throws IOException {
    makeOld();
    create(host("web1", old), "lost", "local");
    create(host("web1", old), "held", "local");
    create(host("web1", old), "orphan", "local");
    Host host = host("web1", old);
    host.attach("held", host.disk("vm1", false));
    try (var list = Files.list(layoutHolders(host, "held"))) {
      Files.delete(list.findFirst().orElseThrow());
    }
    Files.move(files.getPath("/web1/volumes/lost"), files.getPath("/web1/elsewhere"));
    RecordStore raw = old.connect();
    raw.delete("volumes/orphan.json", raw.get("volumes/orphan.json").orElseThrow().version());

    Host again = host("web1", old);
    again.registry.openForWriting();
    assertThat(again.shared.check().differences())
        .containsExactly(
            new Difference("held", "the record has other holders on this host: keg host beat"),
            new Difference("lost", "its data is not in /web1/volumes/lost"),
            new Difference("orphan", "/web1/volumes/orphan has no record: move it away"));
  }

  @Test
  void what_a_volume_on_a_server_left_here_is_no_difference() {
    makeOld();
    VolumeName shared = new VolumeName("shared");
    assertThat(host("web1", old).registry.get("mount", shared)).isNotNull();
    host("web2", old).volumes.rename("shared", "other");

    Host host = host("web1", old);
    host.registry.openForWriting();
    assertThat(host.layout.home(shared).path()).exists();
    assertThat(host.shared.check().differences()).isEmpty();
  }

  private static Path layoutHolders(Host host, String volume) {
    return host.layout.attachments(host.layout.home(new VolumeName(volume)));
  }
}
