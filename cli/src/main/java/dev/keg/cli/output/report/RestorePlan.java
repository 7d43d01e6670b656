package dev.keg.cli.output.report;

import dev.keg.backup.restore.Proposal;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.RestoreSource.Indexed;
import dev.keg.backup.restore.Restoring;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.table.VisibleText;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A preview of a restore, in words or as an object. */
public record RestorePlan(Restoring.Plan plan, RestoreSource source, RestoreRequest request) {
  /** {@code db from 20261120T105801Z-3f9a1c2e}. */
  public String what() {
    return "%s from %s".formatted(request.volume(), source.name());
  }

  /** The amount to restore, if it is known in advance. */
  public Size expected() {
    return source instanceof Indexed indexed
        ? new Size(indexed.archive().totals().bytes())
        : Size.ZERO;
  }

  /** Whether the volume is missing. */
  public boolean creates() {
    return plan.proposal().isPresent();
  }

  /** Whether existing files may be replaced. */
  public boolean changesFiles() {
    return !plan.empty() && request.mode() != Mode.EMPTY;
  }

  private boolean isRefused() {
    return !plan.empty() && request.mode() == Mode.EMPTY;
  }

  public String text() {
    String content =
        source instanceof Indexed indexed
            ? ", %s of %s"
                .formatted(
                    Counted.of(indexed.archive().totals().files(), "file"), expected().human())
            : "";
    String first = "would restore %s%s, %s".formatted(what(), content, place());
    return plan.proposal().map(made -> first + "\n" + words(made)).orElse(first);
  }

  private String place() {
    if (plan.proposal().isPresent()) {
      return "into a new volume";
    }
    if (plan.empty()) {
      return "into an empty volume";
    }
    return switch (request.mode()) {
      case REPLACE, REPLACE_CHANGED -> "and replace the content of the volume";
      case MERGE -> "and merge it into the volume";
      case EMPTY -> "but refuses: the volume is not empty";
    };
  }

  private static String words(Proposal proposal) {
    return VisibleText.line(
        proposal
            .difference()
            .map(text -> "the volume would be " + text + "; --same-place accepts what it says")
            .orElse(
                "the volume would be made with "
                    + Proposal.words(proposal.made())
                    + proposal.unknown().map(text -> "; not kept here: " + text).orElse("")));
  }

  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", request.volume().text());
    fields.put("From", source.name());
    if (source instanceof Indexed indexed) {
      fields.put("Files", indexed.archive().totals().files());
      fields.put("Size", indexed.archive().totals().bytes());
    }
    Optional<Proposal> proposal = plan.proposal();
    fields.put("Exists", proposal.isEmpty());
    fields.put("Empty", plan.empty());
    fields.put("Refused", isRefused());
    proposal.ifPresent(
        made -> {
          fields.put("Made", driver(made.made()));
          fields.put("Proposed", driver(made.described()));
        });
    return Json.compact(fields);
  }

  private static Map<String, Object> driver(Volume volume) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Driver", volume.driver());
    fields.put("Options", volume.options().map());
    return fields;
  }
}
