package dev.keg.cli.output;

import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.policy.PolicyKey;
import dev.keg.policy.VolumePolicy;
import dev.keg.policy.VolumePolicy.Setting;
import java.util.List;
import java.util.stream.Stream;

/** A setting that applies to a volume, for {@code keg policy}. */
public record PolicyRow(String volume, PolicyKey key, Setting setting) {
  /** The columns. */
  public static final Rows<PolicyRow> ROWS =
      new Rows<>(
          Columns.<PolicyRow>of("policy")
              .with("Volume", "VOLUME", PolicyRow::volume)
              .with("Key", "KEY", row -> row.key().toString())
              .with("Value", "VALUE", row -> row.setting().value())
              .with("Source", "SOURCE", row -> row.setting().source()),
          List.of("Volume", "Key", "Value", "Source"),
          List.of("Volume", "Key", "Value", "Source"));

  public static Stream<PolicyRow> of(VolumePolicy policy) {
    String volume = policy.volume().name().text();
    return policy.settings().entrySet().stream()
        .map(entry -> new PolicyRow(volume, entry.getKey(), entry.getValue()));
  }
}
