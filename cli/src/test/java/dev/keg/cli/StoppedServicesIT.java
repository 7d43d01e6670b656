package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.Guest.Arguments;
import dev.keg.fixtures.condition.NeedsNative;
import dev.keg.fixtures.condition.NeedsTime;
import dev.keg.fixtures.condition.NeedsTool;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services of a real systemd are stopped while a volume is read, and always started again. */
@NeedsNative
@NeedsTool(value = "qemu-system-x86_64", from = "qemu-system-x86")
@NeedsTool(value = "systemctl", from = "systemd")
@NeedsTime
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StoppedServicesIT {
  private static final String BOOT =
      """
      cd /etc/systemd/system
      cat >db.service <<'END'
      [Service]
      ExecStart=/bin/sh -c 'exec 3>>/run/keg/volumes/db/_data/log; while :; do echo row >&3; sleep 1; done'
      END
      cat >app.service <<'END'
      [Unit]
      Requires=db.service
      After=db.service
      [Service]
      ExecStart=/bin/sleep 1000
      END
      cat >other.service <<'END'
      [Service]
      ExecStart=/bin/sleep 1000
      END
      cat >backup.service <<'END'
      [Service]
      Environment=KEG_ROOT=/run/keg
      ExecStart=/bin/sh -c '%s backup --stop-with systemd --output - db | sleep 1000'
      END
      """;

  /**
   * A backup whose processes are all ended by systemd at the same time, as when a machine goes
   * down.
   */
  private static final String SEE =
      """
      exec >>/run/vm/out 2>>/run/vm/err
      export KEG_ROOT=/run/keg KEG_REPOSITORY=/run/repo
      pids() { systemctl show --property=MainPID --value db.service app.service other.service; }
      await() { until [ "$(systemctl is-active db.service)" = $1 ]; do sleep 1; done; }
      mkdir /run/repo
      keg create db
      head -c 4194304 /dev/urandom >/run/keg/volumes/db/_data/noise
      systemctl start app.service other.service
      before=($(pids))
      until [ -s /run/keg/volumes/db/_data/log ]; do sleep 1; done
      keg backup --quiet --stop-with systemd db >/dev/null
      echo "backup: $?"
      after=($(pids))
      for i in 0 1 2; do
        [ ${before[i]} = ${after[i]} ] && echo same || echo again
      done
      systemctl is-active db.service app.service

      systemctl start backup.service
      await inactive
      systemctl kill --signal=KILL backup.service
      await inactive
      keg check --format "{{.Problem}}" >/run/findings || grep -o 'stopped .*service and was interrupted' /run/findings
      keg maintain --json >/dev/null 2>&1
      systemctl is-active db.service app.service
      ls /run/keg/stopped
      echo SEEN
      /run/vm/end 0
      """;

  @TempDir Path directory;

  @BeforeAll
  static void a_machine_can_be_started() throws Exception {
    Guest.prepareSystemd();
  }

  @Test
  void a_service_and_what_depends_on_it_run_again_and_no_other_was_stopped() throws Exception {
    String keg = "keg() { %s \"$@\"; }\n".formatted(BuiltProgram.path());
    String script = BOOT.formatted(BuiltProgram.path());
    try (Guest guest =
        Guest.bootSystemd(new Arguments("q35", ""), script, List.of(), keg + SEE, directory)) {
      guest.await("backup: 0");
      for (String state :
          List.of(
              "again",
              "again",
              "same",
              "active",
              "active",
              "stopped db.service app.service and was interrupted",
              "active",
              "active",
              "SEEN")) {
        assertThat(guest.await("")).isEqualTo(state);
      }
      guest.end();
    }
  }
}
