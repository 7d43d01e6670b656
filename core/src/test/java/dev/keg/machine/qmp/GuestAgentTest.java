package dev.keg.machine.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.DriveId;
import dev.keg.machine.Plug;
import dev.keg.machine.qmp.GuestAgent.Still;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that is frozen while copies of its disks begin. */
final class GuestAgentTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final Path disks = Jimfs.newFileSystem(Configuration.unix()).getPath("/");
  private FakeQemu qemu;
  private FakeAgent agent;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    qemu = new FakeQemu(directory.resolve("qmp"));
    agent = new FakeAgent(directory.resolve("agent"));
    qemu.nodes.put("vda", Map.of("driver", "raw", "file", Map.of("filename", "/vda")));
    Files.createFile(disks.resolve("vda"));
    Files.createFile(disks.resolve("copy"));
  }

  @AfterEach
  void stop() throws IOException {
    qemu.close();
    agent.close();
  }

  private GuestAgent guest(Duration patience, Duration freezing) {
    return new GuestAgent(agent.socket, this::watch, patience, freezing);
  }

  private Still watch() {
    agent.commands.add("watch");
    return () -> agent.commands.add("watched");
  }

  private void copy(GuestAgent guest) {
    Plug plug =
        new Plug(
            new DriveId("vda"),
            new VolumeName("data"),
            new MachineDisk(disks.resolve("vda"), "raw", false),
            false);
    var _ =
        new QmpMachine(qemu.socket, Optional.of(guest), LONG, LONG)
            .copy(List.of(new DiskCopy(plug, disks.resolve("copy"))), _ -> {});
  }

  @Test
  void the_guest_is_frozen_only_while_the_copies_begin() {
    qemu.onTransaction = () -> agent.commands.add(agent.frozen ? "frozen" : "not frozen");

    copy(guest(LONG, LONG));

    assertThat(agent.commands)
        .containsExactly(
            "guest-fsfreeze-status",
            "watch",
            "guest-fsfreeze-freeze",
            "frozen",
            "guest-fsfreeze-status",
            "guest-fsfreeze-thaw",
            "watched");
    assertThat(agent.frozen).isFalse();
  }

  @Test
  void answers_to_somebody_else_mean_nothing() {
    agent.stale = "{\"return\": 7}\n\u00ff{\"return\": 8}\nhalf of a li\u00ff{\"return\": 1}\n";
    copy(guest(LONG, LONG));
    assertThat(agent.frozen).isFalse();
    assertThat(qemu.begun).hasSize(1);
  }

  @Test
  void a_guest_that_another_program_froze_is_left_to_that_program() {
    agent.frozen = true;
    assertThatThrownBy(() -> copy(guest(LONG, LONG)))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("the guest's file systems are frozen already");
    assertThat(qemu.begun).isEmpty();
    assertThat(agent.commands).containsExactly("guest-fsfreeze-status");
  }

  @Test
  void a_guest_that_nobody_would_guard_is_not_frozen() {
    GuestAgent unguarded = new GuestAgent(agent.socket, GuestAgentTest::fail, LONG, LONG);
    assertThatThrownBy(() -> copy(unguarded))
        .isInstanceOfSatisfying(
            MachineFailed.class,
            failed -> assertThat(failed.hint()).hasValue("leave out --quiesce"))
        .hasMessageContaining("setsid is missing");
    assertThat(qemu.begun).isEmpty();
    assertThat(agent.commands).containsExactly("guest-fsfreeze-status");
  }

  private static Still fail() throws IOException {
    throw new IOException("setsid is missing");
  }

  @Test
  void without_an_agent_nothing_is_copied() {
    agent.mute = "all";
    assertThatThrownBy(() -> copy(guest(SHORT, LONG)))
        .isInstanceOfSatisfying(
            MachineFailed.class,
            failed ->
                assertThat(failed.hint())
                    .hasValue("start qemu-guest-agent in the guest, or leave out --quiesce"))
        .hasMessageContaining("guest agent at " + agent.socket + ": no answer");
    assertThat(qemu.begun).isEmpty();
    assertThat(qemu.nodes).containsOnlyKeys("vda");
  }

  @Test
  void an_agent_that_may_not_freeze_fails_the_backup() {
    agent.refused = "guest-fsfreeze-freeze";
    assertThatThrownBy(() -> copy(guest(LONG, LONG)))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("guest-fsfreeze-freeze: it is disabled");
    assertThat(qemu.begun).isEmpty();
    assertThat(agent.commands).endsWith("guest-fsfreeze-thaw", "watched");
  }

  @Test
  void a_guest_that_takes_too_long_to_freeze_is_thawed() {
    agent.mute = "guest-fsfreeze-freeze";
    assertThatThrownBy(() -> copy(guest(LONG, SHORT)))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("guest-fsfreeze-freeze: no answer");
    assertThat(qemu.begun).isEmpty();
    assertThat(agent.frozen).isFalse();
  }

  @Test
  void a_guest_that_did_not_hold_still_fails_the_backup() {
    qemu.onTransaction = () -> agent.frozen = false;
    assertThatThrownBy(() -> copy(guest(LONG, LONG)))
        .isInstanceOfSatisfying(
            MachineFailed.class,
            failed -> assertThat(failed.hint().orElseThrow()).startsWith("Windows stays frozen"))
        .hasMessageContaining("the guest thawed before the copies had begun");
    assertThat(agent.commands).endsWith("guest-fsfreeze-thaw", "watched");
    assertThat(qemu.jobs).isEmpty();
  }

  @Test
  void windows_says_only_when_it_is_thawed_that_it_gave_up() {
    agent.refused = "guest-fsfreeze-thaw";
    agent.why = "couldn't hold writes: fsfreeze is limited up to 10 seconds";
    assertThatThrownBy(() -> copy(guest(LONG, LONG)))
        .isInstanceOf(MachineFailed.class)
        .hasMessageContaining("the guest thawed before the copies had begun");
    assertThat(agent.commands).endsWith("watched");
  }

  @Test
  void a_transaction_that_fails_thaws_the_guest() {
    qemu.gone = "transaction";
    assertThatThrownBy(() -> copy(guest(LONG, LONG))).isInstanceOf(MachineFailed.class);
    assertThat(agent.frozen).isFalse();
  }

  @Test
  void a_guest_that_cannot_be_thawed_is_an_error_of_its_own() {
    agent.refused = "guest-fsfreeze-thaw";
    assertThatThrownBy(() -> copy(guest(LONG, LONG)))
        .isInstanceOfSatisfying(
            MachineFailed.class,
            failed -> assertThat(failed.hint().orElseThrow()).contains("guest-fsfreeze-thaw"))
        .hasMessageContaining("the guest's file systems may still be frozen");
    assertThat(qemu.jobs).isEmpty();
    assertThat(agent.commands).doesNotContain("watched");
  }

  @Test
  void an_interruption_thaws_the_guest_as_well() throws IOException {
    Still still = guest(LONG, LONG).freeze();
    Thread.currentThread().interrupt();
    still.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(agent.frozen).isFalse();
  }
}
