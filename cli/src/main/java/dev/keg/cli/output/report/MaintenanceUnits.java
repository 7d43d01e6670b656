package dev.keg.cli.output.report;

/**
 * The files that make a machine maintain its volumes automatically: units for systemd, a line for
 * cron.
 */
public enum MaintenanceUnits {
  SYSTEMD(
      """
      # /etc/systemd/system/keg-maintain.service
      [Unit]
      Description=Maintain Keg volumes by policy
      Documentation=man:keg-maintain(1)
      Wants=network-online.target
      After=network-online.target

      [Service]
      Type=oneshot
      # Settings for repositories, such as AWS_ACCESS_KEY_ID.
      EnvironmentFile=-/etc/keg/backup.env
      ExecStart=/usr/bin/keg maintain
      Nice=10
      IOSchedulingClass=idle

      # /etc/systemd/system/keg-maintain.timer
      [Unit]
      Description=Maintain Keg volumes by policy, every hour
      Documentation=man:keg-maintain(1)

      [Timer]
      OnCalendar=hourly
      RandomizedDelaySec=10m
      Persistent=true

      [Install]
      WantedBy=timers.target
      """),
  CRON(
      """
      # /etc/cron.d/keg-maintain
      7 * * * * root nice -n 10 /usr/bin/keg maintain >/dev/null
      """);

  private final String text;

  MaintenanceUnits(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
