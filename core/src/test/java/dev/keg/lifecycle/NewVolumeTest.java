package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.FileFailures;
import dev.keg.registry.Catalog.Staged;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.registry.Unfinished;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a creation leaves, whether it succeeds or fails, and what a recreated volume keeps. */
class NewVolumeTest {
  private final Server server = new Server();
  private final LayeredDriver layered = new LayeredDriver();
  private final TestRoot root = TestRoot.inMemory(server, layered);
  private final Services services = root.open();

  /** A driver with data on a server. */
  private static final class Server extends FakeDriver {
    boolean leavesTraces;
    boolean answers = true;
    boolean noted;
    RuntimeException failure = new DriverFailed("create", "db", "no room");

    Server() {
      super("server", new OptionDescriptor("fail", "true", "whether create fails"));
    }

    @Override
    public void create(CreateRequest request) {
      noted = Unfinished.isNoted(request.home());
      super.create(request);
      if (!request.volume().options().isEmpty()) {
        throw failure;
      }
    }

    @Override
    public boolean isOnServer(Volume volume) {
      return true;
    }

    @Override
    public boolean leavesTraces(Volume volume) {
      return leavesTraces;
    }

    @Override
    public void takeBack(Volume volume, VolumeHome home) {
      calls().add("take back " + volume.name());
      if (!answers) {
        throw new DriverFailed("take back", volume.name().text(), "no answer");
      }
    }
  }

  private static Volume volume(String driver, String... option) {
    return request("db", driver, option).volume(TestRoot.NOW);
  }

  private NewVolume of(Volume volume) {
    return of(services, volume);
  }

  private static NewVolume of(Services services, Volume volume) {
    services.registry().openForWriting();
    return new NewVolume(services, "create", volume, Ownership.DEFAULT);
  }

  private static Volume again(Services process, Volume volume) {
    return of(process, volume)
        .publish(true, request -> process.driver("create", volume).create(request));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_affects_a_server_is_noted_until_the_volume_is_there(boolean leavesTraces)
      throws IOException {
    server.leavesTraces = leavesTraces;

    of(volume("server")).publish(server::create);

    assertThat(server.noted).isEqualTo(leavesTraces);
    assertThat(Unfinished.isNoted(root.home())).isFalse();
    assertThat(services.registry().find(DB)).isPresent();
    assertThat(root.staged()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // late, leaves traces, answers, taken back, noted
    "false, false, true, false, false", // the driver has undone its own part
    "false, true, true, true, false",
    "true, false, true, true, false",
    "true, true, true, true, false",
    "false, true, false, true, true", // a later command takes it back
    "true, true, false, true, true",
    "true, false, false, true, false",
  })
  void a_failed_creation_is_taken_back_and_noted_where_that_fails(
      boolean late, boolean leavesTraces, boolean answers, boolean takenBack, boolean noted)
      throws IOException {
    server.leavesTraces = leavesTraces;
    server.answers = answers;
    Volume volume = late ? volume("server") : volume("server", "fail");
    BiConsumer<Volume, VolumeHome> complete =
        (_, _) -> {
          throw new DriverFailed("complete", "db", "no room");
        };

    assertThatThrownBy(() -> of(volume).publish(server::create, complete))
        .hasMessage((late ? "complete" : "create") + " db: no room")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(answers ? 0 : 1));

    assertThat(server.calls().contains("take back db")).isEqualTo(takenBack);
    assertThat(root.staged()).hasSize(noted ? 1 : 0);
    assertThat(root.staged())
        .allSatisfy(home -> assertThat(Unfinished.isNoted(new VolumeHome(home))).isTrue());
    assertThat(services.registry().find(DB)).isEmpty();
  }

  @Test
  void a_server_that_refused_to_undo_its_part_is_not_asked_again_by_the_same_command()
      throws IOException {
    server.leavesTraces = true;
    server.failure.addSuppressed(new DriverFailed("undo", "db", "no answer"));

    assertThatThrownBy(() -> of(volume("server", "fail")).publish(server::create))
        .isSameAs(server.failure);

    assertThat(server.calls()).doesNotContain("take back db");
    assertThat(root.staged()).hasSize(1);
  }

  @Test
  void what_completes_a_volume_is_in_its_home() {
    new Volumes(services)
        .create(
            request("db", "server"),
            (volume, home) ->
                FileFailures.run(
                    "test",
                    home.path(),
                    () -> Files.writeString(home.file("more"), volume.details().id().text())));

    assertThat(root.home().file("more"))
        .hasContent(services.registry().get("get", DB).details().id().text());
  }

  @Test
  void a_recreated_volume_is_the_same_and_counts_as_used_now() {
    Volume before = new Volumes(services).create(request("db", "server")).volume();
    new Volumes(services).remove("db", Removal.Mode.NORMAL);

    Volume after = again(services, before.withDescription("Orders"));

    assertThat(after).isEqualTo(before.withDescription("Orders"));
    assertThat(services.registry().get("get", DB)).isEqualTo(after);
    assertThat(services.attachments().lastChange(DB)).isPresent();
  }

  @Test
  void a_volume_that_did_not_exist_before_is_new_and_never_used() {
    Volume like = volume("server");

    Volume made = of(like).publish(false, server::create);

    assertThat(made.details().id()).isNotEqualTo(like.details().id());
    assertThat(services.attachments().lastChange(DB)).isEmpty();
  }

  @Test
  void a_recreated_volume_gets_another_id_if_one_has_its_own() {
    VolumeId taken =
        new Volumes(services).create(request("other", "server")).volume().details().id();
    Volume copy = volume("server");

    Volume made = again(services, copy.withDetails(copy.details().ofSame(taken, services.host())));

    assertThat(made.details().id()).isNotEqualTo(taken);
  }

  /** There, unfinished work is recognised by the id. */
  @Test
  void a_recreated_volume_gets_another_id_where_others_may_know_the_old_one() {
    Volume before = volume("server");
    server.leavesTraces = true;
    assertThat(again(services, before).details().id()).isNotEqualTo(before.details().id());

    Server other = new Server();
    Services shared = TestRoot.inMemory(other).open(new FakeCatalog());
    assertThat(again(shared, before).details().id()).isNotEqualTo(before.details().id());
  }

  @ParameterizedTest
  @CsvSource({"server, EVERY_HOST", "local, ITS_HOST"})
  void other_hosts_can_use_only_a_volume_on_a_server(String driver, UsableOn usableOn) {
    FakeCatalog catalog = new FakeCatalog();
    Services shared = TestRoot.inMemory(server).open(catalog);

    new Volumes(shared).create(request("db", driver));

    assertThat(catalog.calls()).containsExactly("publish db " + usableOn);
  }

  @Test
  void a_staged_volume_is_complete_and_nobody_sees_it() throws IOException {
    Staged staged = of(volume("server")).stage(server::create);

    assertThat(staged.home().data()).isEmptyDirectory();
    assertThat(root.staged()).containsExactly(staged.home().path());
    assertThat(staged.volume().name()).isEqualTo(DB);
    assertThat(staged.usableOn()).isEqualTo(UsableOn.EVERY_HOST);
    assertThat(services.registry().find(DB)).isEmpty();
  }

  @Test
  void a_home_whose_staging_fails_is_deleted_and_its_data_is_not_touched() throws IOException {
    assertThatThrownBy(() -> of(volume("server", "fail")).stage(server::create))
        .isSameAs(server.failure);

    assertThat(root.staged()).isEmpty();
    assertThat(server.calls()).containsExactly("create db");
  }

  @Test
  void nothing_is_staged_on_a_disk_to_which_a_machine_writes() throws IOException {
    new Volumes(services).create(request("base", "layered"));
    services
        .attachments()
        .add(new VolumeName("base"), new Attachment.Disk("vm1", "vda", false, TestRoot.NOW));
    String disk = root.layout.home(new VolumeName("base")).data().toString();

    assertThatThrownBy(() -> of(volume("layered", "on=" + disk)).stage(layered::create))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: it is built on volume base, which is open for writing - [vm1]");
    assertThat(root.staged()).isEmpty();
  }
}
