package dev.keg.cli.output;

import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.lifecycle.PoolState;
import dev.keg.usage.Room;
import dev.keg.volume.Size;
import java.util.List;
import java.util.function.Function;

/** The columns of {@code keg pool}. */
public final class PoolRow {
  /** The columns. */
  public static final Rows<PoolState> ROWS =
      new Rows<>(
          Columns.<PoolState>of("pool")
              .with("Name", "POOL", pool -> pool.name().text())
              .with(
                  "Directory",
                  "DIRECTORY",
                  pool -> pool.repository().orElse(pool.directory().toString()))
              .with(
                  "Volumes", "VOLUMES", pool -> String.valueOf(pool.volumes()), PoolState::volumes)
              .with(
                  "SizeBytes",
                  "SIZE",
                  pool -> size(pool, Room::total),
                  pool -> bytes(pool, Room::total))
              .with(
                  "AvailableBytes",
                  "AVAILABLE",
                  pool -> size(pool, Room::available),
                  pool -> bytes(pool, Room::available))
              .with(
                  "Status",
                  "STATUS",
                  pool -> pool.missing().map(why -> "missing: " + why).orElse("ok"),
                  pool -> pool.missing().isPresent() ? "missing" : "ok"),
          List.of("Name", "Directory", "Volumes", "SizeBytes", "AvailableBytes", "Status"),
          List.of("Name", "Directory"));

  private PoolRow() {}

  private static String size(PoolState pool, Function<Room, Size> figure) {
    return pool.room().map(figure).map(Size::human).orElse("N/A");
  }

  private static Object bytes(PoolState pool, Function<Room, Size> figure) {
    return pool.room().map(figure).<Object>map(Size::bytes).orElse("");
  }
}
