package dev.keg.cli.option;

import dev.keg.moving.MoveDestination;
import dev.keg.moving.MoveRequest;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a volume moves to another host. */
public final class MoveOptions {
  @Option(names = "--name", paramLabel = "name", description = "The name of the volume there")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--pool",
      paramLabel = "name",
      converter = Converters.Pool.class,
      description = "Move it to this pool of the same root")
  private Optional<PoolName> pool = Optional.empty();

  @Option(names = "--copy", description = "Keep the volume here as well")
  private boolean copy;

  @Option(
      names = "--pre",
      paramLabel = "command",
      description = "Run this before the last pass, to stop what uses the volume")
  private Optional<String> pre = Optional.empty();

  @Option(
      names = "--post",
      paramLabel = "command",
      description =
          "Run this if the volume stays here: with --copy or --pool, or if the move fails")
  private Optional<String> post = Optional.empty();

  @Option(
      names = "--same-place",
      description = "Keep host paths and servers in driver options for the other host")
  private boolean samePlace;

  @Option(
      names = "--remote",
      paramLabel = "command",
      description = "How Keg is called on the other host (default: keg; e.g. 'sudo keg')")
  private Optional<String> remote = Optional.empty();

  @Option(names = "--undo", description = "Give up a move that has begun; the volume stays here")
  private boolean undo;

  @Option(
      names = {"-f", "--force"},
      description = "With --undo, give up even if the other host does not answer")
  private boolean force;

  @Option(
      names = "--accept",
      description = "Use a volume that has arrived here completely, though its source is gone")
  private boolean accept;

  /** A conflict of the options, if any. */
  public Optional<String> conflict(boolean destination) {
    boolean moving =
        destination || name.isPresent() || copy || samePlace || pre.isPresent() || post.isPresent();
    boolean elsewhere = destination || name.isPresent() || copy || samePlace || undo || accept;
    if (pool.isPresent() && elsewhere) {
      return Optional.of("--pool takes only a volume, --pre and --post");
    }
    if ((undo && (moving || accept)) || (accept && moving)) {
      return Optional.of("--undo and --accept take only the name of a volume");
    }
    return force && !undo ? Optional.of("--force applies only to --undo") : Optional.empty();
  }

  public Optional<PoolName> pool() {
    return pool;
  }

  public Optional<String> remote() {
    return remote;
  }

  public boolean undo() {
    return undo;
  }

  public boolean force() {
    return force;
  }

  public boolean accept() {
    return accept;
  }

  /** The request for that volume. */
  public MoveRequest request(VolumeName volume, Optional<MoveDestination> to) {
    return new MoveRequest(
        volume,
        to,
        name.map(text -> VolumeName.forNew("move", text)),
        copy,
        samePlace,
        pre,
        post,
        false);
  }
}
