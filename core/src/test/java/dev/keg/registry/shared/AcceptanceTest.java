package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.RegistryException.NotAccepted;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.RecordStore;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limits on what a host with access to the store can make root do on another host. */
class AcceptanceTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final Options ETC =
      Options.NONE.with("type", "nfs").with("o", "bind").with("device", "/etc");

  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final MemoryRecords store = new MemoryRecords(true);

  @BeforeEach
  void init() {
    assertThat(host("web1").shared.init()).isTrue();
  }

  private Host host(String name) {
    return new Host(name, files.getPath("/" + name), store.connect());
  }

  private static VolumeRequest request(String driver, Options options) {
    return new VolumeRequest(DB, driver, options, Labels.NONE, Ownership.DEFAULT);
  }

  /** Changes the record of the volume like an attacker with the keys of the store. */
  private void tamper(UnaryOperator<SharedVolume> change) {
    RecordStore raw = store.connect();
    RecordStore.StoredRecord record = raw.get(SharedVolume.key(DB)).orElseThrow();
    String text = change.apply(SharedVolume.read(DB, record.text())).next("attacker");
    assertThat(raw.put(SharedVolume.key(DB), text, record.version())).isPresent();
  }

  private static Volume driven(Volume volume, String driver, Options options) {
    return volume.drivenAs(
        new Volume(volume.name(), driver, options, Labels.NONE, volume.created()));
  }

  private static SharedVolume at(String home, SharedVolume record, Volume volume) {
    return new SharedVolume(
        volume, home, SharedVolume.State.READY, "", record.holders(), record.serial(), "");
  }

  @Test
  void a_volume_of_this_host_is_mounted_as_this_host_made_it() {
    host("web1").volumes.create(request("local", Options.NONE));
    tamper(record -> record.with(driven(record.volume(), "local", ETC)));

    assertThat(host("web1").registry.get("mount", DB).options()).isEqualTo(Options.NONE);
    assertThat(host("web1").registry.list().toString()).doesNotContain("/etc");
    host("web1").volumes.update("db", VolumeChange.ofLabels(Labels.NONE.with("a", "1"), List.of()));
    assertThat(host("web1").registry.get("mount", DB).options()).isEqualTo(Options.NONE);
    assertThat(host("web1").registry.get("mount", DB).labels().map()).containsKey("a");
  }

  @Test
  void a_volume_that_this_host_is_said_to_have_is_an_empty_directory() {
    host("web1").volumes.create(request("local", Options.NONE));
    Host web2 = host("web2");
    String id = web2.shared.membership().host();
    tamper(record -> at(id, record, driven(record.volume(), "local", ETC)));

    assertThat(web2.registry.get("mount", DB).options()).isEqualTo(Options.NONE);
    host("web2").volumes.remove("db", Removal.Mode.NORMAL);
    assertThat(store.records()).doesNotContainKey(SharedVolume.key(DB));
  }

  @Test
  void what_names_something_of_the_host_is_not_mounted_on_the_word_of_another() {
    host("web1").volumes.create(request("local", Options.NONE));
    tamper(record -> at(SharedVolume.EVERYWHERE, record, driven(record.volume(), "local", ETC)));

    Host web2 = host("web2");
    assertThatThrownBy(() -> web2.registry.get("mount", DB))
        .isInstanceOf(NotAccepted.class)
        .hasMessage("mount db: host web1 chose options that may name files of this host");
    assertThat(web2.volumes.inspect("db").volume().options()).isEqualTo(ETC);
    assertThat(web2.volumes.visible(DB)).isEmpty();
    assertThat(Files.exists(web2.layout.home(DB).path())).isFalse();
  }

  @Test
  void a_server_that_no_file_of_the_host_goes_to_is_mounted_everywhere() {
    Options server = Options.NONE.with("server", "files1");
    host("web1").volumes.create(request(Host.SERVED, server));
    assertThat(host("web2").registry.get("mount", DB).options()).isEqualTo(server);

    tamper(record -> record.with(driven(record.volume(), Host.SERVED, Options.NONE)));
    assertThat(host("web2").registry.get("mount", DB).options()).isEqualTo(Options.NONE);
    tamper(record -> record.with(driven(record.volume(), "local", ETC)));
    assertThat(host("web2").registry.get("mount", DB).driver()).isEqualTo(Host.SERVED);
  }

  @Test
  void creating_a_volume_with_options_that_name_a_file_accepts_them() {
    Options options = Options.NONE.with("server", "files1").with("credentials", "/etc/files1");
    host("web1").volumes.create(request(Host.SERVED, options));
    assertThat(host("web1").registry.get("mount", DB).options()).isEqualTo(options);
    assertThatThrownBy(() -> host("web2").registry.get("mount", DB))
        .isInstanceOf(NotAccepted.class);
    assertThatThrownBy(() -> host("web2").volumes.remove("db", Removal.Mode.NORMAL))
        .isInstanceOf(NotAccepted.class);

    host("web2").volumes.create(request("", options));
    host("web2").volumes.create(request(Host.SERVED, Options.NONE.with("server", "files1")));
    assertThatThrownBy(() -> host("web2").registry.get("mount", DB))
        .isInstanceOf(NotAccepted.class);
    host("web2").volumes.create(request(Host.SERVED, options));
    assertThat(host("web2").registry.get("mount", DB).options()).isEqualTo(options);

    for (Options other :
        List.of(options.with("credentials", "/etc/shadow"), options.with("server", "evil"))) {
      tamper(record -> record.with(driven(record.volume(), Host.SERVED, other)));
      assertThat(host("web2").registry.get("mount", DB).options()).isEqualTo(options);
    }
    Options grown = options.with("size", "2g");
    tamper(record -> record.with(driven(record.volume(), Host.SERVED, grown)));
    assertThat(host("web2").registry.get("mount", DB).options()).isEqualTo(grown);
  }

  @Test
  void a_volume_of_another_host_stays_there() {
    host("web1").volumes.create(request("local", Options.NONE));
    tamper(record -> record.with(driven(record.volume(), "local", ETC)));

    assertThatThrownBy(() -> host("web2").registry.get("mount", DB))
        .isInstanceOf(OnOtherHost.class);
    assertThat(host("web2").volumes.visible(DB)).isEmpty();
  }

  @Test
  void a_volume_of_this_host_that_is_said_to_be_elsewhere_is_used_as_this_host_made_it() {
    Host web1 = host("web1");
    web1.volumes.create(request("local", Options.NONE));
    String id = web1.shared.membership().host();
    tamper(record -> at("evil", record, driven(record.volume(), "local", ETC)));
    assertThat(host("web1").registry.ids().describe("unmount", DB).options())
        .isEqualTo(Options.NONE);
    host("web1").volumes.update("db", VolumeChange.ofLabels(Labels.NONE.with("a", "1"), List.of()));

    tamper(record -> at(id, record, driven(record.volume(), "local", ETC)));
    assertThat(host("web1").registry.get("mount", DB).options()).isEqualTo(Options.NONE);
  }

  @Test
  void removing_what_another_host_described_deletes_no_other_volume_of_that_name()
      throws IOException {
    Host web1 = host("web1");
    web1.volumes.create(request("local", Options.NONE));
    Path file = web1.layout.home(DB).data().resolve("data");
    Files.writeString(file, "x");
    Volume made = web1.registry.ids().describe("inspect", DB);
    String id = web1.shared.membership().host();
    Volume other =
        made.withDetails(
            made.details()
                .ofNew(VolumeId.random(new SplittableRandom(5)), Host.NOW, made.details().host()));
    tamper(record -> at(id, record, other));

    host("web1").volumes.remove("db", Removal.Mode.NORMAL);

    assertThat(store.records()).doesNotContainKey(SharedVolume.key(DB));
    assertThat(file).exists();
  }

  private static List<VolumeName> pruned(Host host, boolean all) {
    VolumeFilter filter =
        VolumeFilter.forPrune(all, FilterArguments.parse(List.of()), host.volumes.filterContext());
    return host.volumes.pruning().prune(filter).removed();
  }

  private static Volume own(Host host) {
    assertThat(host.registry.catalog().ownList()).hasSize(1);
    return ((RegistryEntry.Intact) host.registry.catalog().ownList().getFirst()).volume();
  }

  @Test
  void nothing_is_deleted_automatically_because_another_host_said_so() {
    host("web1").volumes.create(request("local", Options.NONE));
    tamper(
        record ->
            record.with(record.volume().withLabels(Labels.NONE.with(Labels.ANONYMOUS, "true"))));
    assertThat(pruned(host("web1"), false)).isEmpty();

    host("web1")
        .volumes
        .update(
            "db",
            new VolumeChange(
                Labels.NONE, List.of(), Optional.empty(), Optional.of(Protection.always())));
    tamper(record -> record.with(record.volume().withProtection(Protection.none())));
    assertThat(pruned(host("web1"), true)).isEmpty();
    tamper(
        record ->
            record.with(
                record
                    .volume()
                    .withLabels(Labels.NONE.with("keg.snapshot.keep", "last=1"))
                    .withProtection(Protection.none())));
    assertThat(own(host("web1")).labels().map()).isEmpty();
    assertThat(own(host("web1")).details().protection()).isEqualTo(Protection.always());
    assertThat(host("web2").registry.catalog().ownList()).isEmpty();
  }

  @Test
  void what_another_host_says_of_a_volume_holds_when_somebody_says_it_here_too() {
    host("web1").volumes.create(request("local", Options.NONE));
    VolumeChange change =
        VolumeChange.ofLabels(Labels.NONE.with("keg.backup.every", "1d"), List.of());
    host("web2").volumes.update("db", change);
    Host web1 = host("web1");
    assertThat(own(web1).labels().map()).isEmpty();
    assertThat(web1.shared.check().differences())
        .extracting(RegistryCopy.Difference::problem)
        .singleElement()
        .asString()
        .startsWith("other hosts gave it labels");

    host("web1")
        .volumes
        .update("db", VolumeChange.ofLabels(Labels.NONE.with("other", "x"), List.of()));
    assertThat(own(host("web1")).labels().map()).containsOnlyKeys("other");
    host("web1").volumes.update("db", change);
    assertThat(own(host("web1")).labels().map()).containsOnlyKeys("keg.backup.every", "other");
    Host checked = host("web1");
    assertThat(own(checked).name()).isEqualTo(DB);
    assertThat(checked.shared.check().differences()).isEmpty();
  }

  @Test
  void the_host_that_made_a_volume_on_a_server_looks_after_it() {
    host("web1").volumes.create(request(Host.SERVED, Options.NONE));
    assertThat(host("web2").registry.get("mount", DB)).isNotNull();
    tamper(
        record ->
            record.with(record.volume().withLabels(Labels.NONE.with("keg.backup.keep", "last=1"))));

    assertThat(own(host("web1")).labels().map()).isEmpty();
    assertThat(host("web2").registry.catalog().ownList()).isEmpty();
  }

  @Test
  void a_record_of_a_directory_that_is_not_a_volume_does_not_block_the_others() throws IOException {
    Host web1 = host("web1");
    web1.volumes.create(request("local", Options.NONE));
    Files.createDirectories(web1.layout.home(new VolumeName("other")).path());
    RecordStore raw = store.connect();
    String text = raw.get(SharedVolume.key(DB)).orElseThrow().text();
    raw.put("volumes/other.json", text, RecordStore.NONE);

    assertThat(own(host("web1")).name()).isEqualTo(DB);
  }

  @Test
  void creating_a_volume_with_a_changed_server_accepts_the_server() {
    Options options = Options.NONE.with("server", "files1").with("credentials", "/etc/files1");
    host("web1").volumes.create(request(Host.SERVED, options));
    host("web2").volumes.create(request(Host.SERVED, options));
    Options moved = options.with("server", "files2");
    tamper(record -> record.with(driven(record.volume(), Host.SERVED, moved)));
    assertThat(host("web2").registry.get("mount", DB).options()).isEqualTo(options);

    CreateResult accepted = host("web2").volumes.create(request(Host.SERVED, moved));
    assertThat(accepted.volume().options()).isEqualTo(moved);
    assertThat(host("web2").registry.get("mount", DB).options()).isEqualTo(moved);
  }
}
