package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.error.RegistryException.NotThisHost;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Volumes that several hosts may know. */
class SharedVolumesTest {
  private final TestRoot root = TestRoot.inMemory();
  private final Others others = new Others();
  private final Services services = root.open(others);
  private final Volumes volumes = new Volumes(services);

  /** The other hosts of the registry. */
  private static final class Others extends FakeCatalog {
    final List<Elsewhere> holders = new ArrayList<>();
    UnaryOperator<Volume> own = UnaryOperator.identity();
    Options accepted = Options.NONE;

    @Override
    public List<Elsewhere> heldElsewhere(VolumeName name) {
      return name.equals(DB) ? holders : List.of();
    }

    @Override
    public void hold(VolumeName name, String file, byte[] document) {
      holders.add(new Elsewhere("there", new String(document, StandardCharsets.UTF_8)));
    }

    @Override
    public Optional<Volume> own(Volume volume) {
      return Optional.of(own.apply(volume));
    }

    @Override
    public Volume accept(Volume existing, Options wanted) {
      super.accept(existing, wanted);
      return existing.withOptions(accepted);
    }
  }

  private void create() {
    volumes.create(request("db", "local"));
    others.calls().clear();
  }

  @Test
  void options_of_another_host_are_accepted_only_with_the_name_of_the_driver() {
    create();
    others.accepted = Options.NONE.with("size", "1");

    assertThat(volumes.create(request("db", "")).volume().options()).isEqualTo(Options.NONE);
    assertThat(others.calls()).isEmpty();
    assertThat(volumes.create(request("db", "local", "size=1")).volume().options())
        .isEqualTo(others.accepted);
    assertThat(others.calls()).containsExactly("accept db");
  }

  @Test
  void a_change_is_written_unless_all_descriptions_have_it_already() {
    create();
    VolumeChange change = VolumeChange.ofLabels(Labels.parse(List.of("tier=gold")), List.of());
    volumes.update("db", change);
    assertThat(others.calls()).containsExactly("replace db");

    volumes.update("db", change);
    assertThat(others.calls()).containsExactly("replace db");

    others.own = volume -> volume.withLabels(Labels.NONE);
    volumes.update("db", change);
    assertThat(others.calls()).containsExactly("replace db", "replace db");
  }

  @Test
  void a_volume_that_was_never_held_here_may_be_held_on_another_host() {
    create();
    volumes.create(request("other", "local"));
    services
        .attachments()
        .add(new VolumeName("other"), new Attachment.Disk("vm1", "vda", false, TestRoot.NOW));

    Overview overview = volumes.overview(services.registry().get("get", DB));

    assertThat(overview.lastUsed()).isEmpty();
    assertThat(overview.holders()).hasSize(1);
  }

  @Test
  void a_volume_is_created_on_the_host_that_is_named() {
    CreateResult made = volumes.create(request("db", "local"), "this-host");

    assertThat(made.existed()).isFalse();
    assertThat(volumes.create(request("db", "local"), "this-host").existed()).isTrue();
    assertThatThrownBy(() -> volumes.create(request("new", "local"), "there"))
        .isInstanceOf(NotThisHost.class)
        .hasMessage("create new: it was requested on host there, not on this-host");
    assertThat(volumes.names()).containsExactly(DB);
  }

  @Test
  void a_volume_of_a_host_is_found_only_by_requests_for_that_host() {
    create();
    Host there = new Host("id-of-there", "there");
    services
        .registry()
        .replace(
            services.registry().get("get", DB),
            db -> db.withDetails(db.details().ofSame(db.details().id(), there)));

    for (String host : List.of("there", "id-of-there")) {
      CreateResult found = volumes.create(request("db", "local"), host);
      assertThat(found.existed()).isTrue();
      assertThat(found.volume().details().host()).isEqualTo(there);
    }
    assertThatThrownBy(() -> volumes.create(request("db", "local"), "this-host"))
        .isInstanceOf(NotThisHost.class)
        .hasMessage("create db: it was requested on host this-host, not on there");
  }
}
