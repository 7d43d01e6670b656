package dev.keg.cli.output;

import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.policy.Task;
import java.util.List;

/** A due task, for {@code keg maintain --dry-run}. */
public record TaskRow(Task task) {
  /** The columns. */
  public static final Rows<TaskRow> ROWS =
      new Rows<>(
          Columns.<TaskRow>of("task")
              .with("Volume", "VOLUME", row -> row.task().volume().text())
              .with("Action", "ACTION", TaskRow::action)
              .with("Repository", "REPOSITORY", row -> row.task().location())
              .with("Reason", "REASON", row -> row.task().why()),
          List.of("Volume", "Action", "Repository", "Reason"),
          List.of("Volume", "Action", "Repository", "Reason"));

  private String action() {
    return switch (task) {
      case Task.Save _ -> "backup";
      case Task.Verify _ -> "verify";
      case Task.Drill _ -> "drill";
      case Task.MakeSnapshot _ -> "snapshot";
      case Task.RemoveSnapshot _ -> "snapshot rm";
      case Task.Move _ -> "move";
    };
  }
}
