package dev.keg.moving;

import dev.keg.backup.restore.Proposal;
import dev.keg.backup.save.BackupContext;
import dev.keg.driver.Disks;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.lifecycle.NewVolume;
import dev.keg.lifecycle.Removal;
import dev.keg.moving.pass.ArrivingTree;
import dev.keg.moving.pass.Wire;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.MoveJournal.Manner;
import dev.keg.registry.journal.MoveJournal.Phase;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.volume.Ownership;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An arriving volume. It exists under its name from the beginning, with a journal that makes every
 * command refuse to use it; the journal's last phase makes it an ordinary volume.
 */
final class Arrival implements AutoCloseable {
  private static final String OPERATION = "move";
  private static final String STAGE = "move-disk";

  private final BackupContext context;
  private final Offer offer;
  private final VolumeHome home;
  private @Nullable MoveLock lock;
  private @Nullable RestoreLock restoreLock;
  private @Nullable View view;

  /**
   * The source's description of the move.
   *
   * @param id the id of the move
   * @param from the source's host
   * @param volume the volume as a backup describes it
   * @param protection the protection that applies once it is here
   * @param samePlace whether its options may refer to paths of this host
   */
  record Offer(
      String id,
      VolumeName name,
      String from,
      Volume volume,
      Protection protection,
      boolean samePlace) {}

  /** The state of the move on this host. */
  enum State {
    ABSENT,
    ARRIVING,
    READY,
    ARRIVED
  }

  Arrival(BackupContext context, Offer offer) {
    this.context = context;
    this.offer = offer;
    this.home = context.registry().layout().home(offer.name());
  }

  private VolumeName name() {
    return offer.name();
  }

  private MoveFailed failed(String why, @Nullable String hint) {
    return new MoveFailed(name().text(), why, hint);
  }

  /**
   * The state; a volume of another origin is refused. Once this host has taken the volume, the
   * state stays so even if it was renamed or moved on.
   */
  State state() {
    if (!context.registry().openForReading()) {
      return State.ABSENT;
    }
    boolean free = context.registry().find(name()).isEmpty();
    Optional<Phase> phase =
        free
            ? Optional.empty()
            : MoveJournal.read(home)
                .filter(found -> found.id().equals(offer.id()) && found.name().equals(name()))
                .map(MoveJournal::phase);
    if (phase.filter(Phase.ARRIVING::equals).isPresent()) {
      return State.ARRIVING;
    }
    if (phase.filter(Phase.READY::equals).isPresent()) {
      return State.READY;
    }
    if (phase.filter(Phase.ARRIVED::equals).isPresent() || isTaken()) {
      return State.ARRIVED;
    }
    if (!free) {
      throw failed(
          "another volume has that name there",
          "choose another name with --name, or remove that volume first");
    }
    return State.ABSENT;
  }

  private boolean isTaken() {
    return context.registry().names().stream()
        .map(context.registry().layout()::home)
        .flatMap(volume -> readable(volume).stream())
        .anyMatch(journal -> journal.hasTaken(offer.id()));
  }

  /** The journal; a damaged one counts as another volume's. */
  private static Optional<MoveJournal> readable(VolumeHome volume) {
    try {
      return MoveJournal.read(volume);
    } catch (FileFailure _) {
      return Optional.empty();
    }
  }

  /** Makes it an ordinary volume although its source does not say so. */
  static void accept(BackupContext context, VolumeName name) {
    MoveJournal journal =
        MoveJournal.read(context.registry().layout().home(name))
            .filter(found -> found.name().equals(name))
            .orElseThrow(
                () -> new MoveFailed(name.text(), "it is not arriving from anywhere", null));
    Volume volume = context.registry().get(OPERATION, name);
    Offer known =
        new Offer(journal.id(), name, journal.peer(), volume, volume.details().protection(), false);
    try (Arrival arrival = new Arrival(context, known)) {
      arrival.publish();
    }
  }

  /** Creates the arriving volume; returns its differences from the source's. */
  Optional<String> make() {
    Proposal proposal = proposal();
    Volume made = proposal.made();
    if (made.options().isMasked()) {
      throw failed("its secret options do not leave the host", "back it up and restore it instead");
    }
    boolean disk = offer.volume().holdsDisk();
    boolean same = offer.volume().hasId();
    Volume volume =
        proposal
            .volume(name(), same, context.clock().instant())
            .withOptions(disk ? context.services().drivers().withoutPlace(made) : made.options());
    var driver = context.driver(OPERATION, volume);
    if (!driver.lasts(volume) || (disk && !(driver instanceof Disks))) {
      throw failed("it cannot be kept with %s there".formatted(Proposal.words(volume)), null);
    }
    context.registry().openForWriting();
    context.services().takeBackUnfinished(volume.driver());
    try (var _ = context.registry().lock().lock(name(), volume.details().id())) {
      if (context.registry().find(name()).isPresent()) {
        throw failed("another volume has that name there", "choose another name with --name");
      }
      driver.validate(context.services().drivers().options(volume));
      new NewVolume(context.services(), OPERATION, volume, Ownership.DEFAULT)
          .publish(
              same,
              request -> {
                if (disk) {
                  Path stage = request.home().file(STAGE);
                  FileFailures.run("create", stage, () -> Files.createDirectory(stage));
                } else {
                  driver.create(request);
                }
                journal(Phase.ARRIVING).writeInto(request.home());
              });
    }
    return proposal.difference().or(proposal::unknown);
  }

  private Proposal proposal() {
    return Proposal.of(offer.volume(), offer.samePlace(), context.services().drivers());
  }

  private MoveJournal journal(Phase phase) {
    return new MoveJournal(
        phase,
        offer.id(),
        name(),
        offer.from(),
        offer.volume().name(),
        Instant.EPOCH,
        Manner.UNKNOWN,
        Optional.empty());
  }

  /** Locks out everybody else until this is closed. */
  void hold() {
    if (lock == null) {
      lock = MoveLock.take(OPERATION, name(), home);
      restoreLock = RestoreLock.take(OPERATION, name(), home);
    }
  }

  private boolean isDisk() {
    return Files.isDirectory(home.file(STAGE));
  }

  /** Receives one pass. */
  void pass(Wire wire) throws IOException {
    hold();
    if (state() == State.READY) {
      write(Phase.ARRIVING);
    }
    try (ArrivingTree tree = new ArrivingTree(context.trees(), data(), name().text())) {
      wire.done();
      tree.pass(wire);
    }
  }

  private Path data() {
    if (isDisk()) {
      return home.file(STAGE);
    }
    if (view == null) {
      view = context.views().openAlone(OPERATION, name());
    }
    return view.data();
  }

  void ready() {
    write(Phase.READY);
  }

  private void write(Phase phase) {
    try (var _ = context.registry().lock().lock(name())) {
      if (state() == State.ABSENT) {
        throw failed("what had arrived was removed meanwhile", "run it again");
      }
      journal(phase).write(context.registry());
    }
  }

  /** Makes it an ordinary volume; idempotent. */
  void publish() {
    try (var _ = context.registry().lock().lock(name())) {
      switch (state()) {
        case READY -> {
          hold();
          installDisk();
          describe();
          journal(Phase.ARRIVED).write(context.registry());
        }
        case ARRIVED -> {}
        case ABSENT -> throw failed("what had arrived was removed there", null);
        case ARRIVING -> throw failed("not all of it has arrived there", "run it again");
      }
    }
  }

  /** Applies changes that the operator made to the description during the copy. */
  private void describe() {
    Volume volume = context.registry().get(OPERATION, name());
    Volume made = proposal().made();
    UnaryOperator<Volume> description =
        described ->
            described
                .withLabels(made.labels())
                .withDescription(made.details().description())
                .withProtection(offer.protection());
    if (!description.apply(volume).equals(volume)) {
      context.services().replace(volume, description);
    }
  }

  private void installDisk() {
    if (!isDisk()) {
      return;
    }
    Path stage = home.file(STAGE);
    Volume volume = context.registry().get(OPERATION, name());
    boolean filled =
        FileFailures.translate("list", stage, () -> !DirectoryEntries.of(stage).isEmpty());
    if (filled) {
      ((Disks) context.driver(OPERATION, volume)).replaceDisk(volume, home, stage);
      FileFailures.run("sync", home.path(), () -> context.sync().sync(home.path()));
    }
    FileFailures.run("remove", stage, () -> TreeDeletion.delete(stage));
  }

  /** Removes what has arrived. */
  void discard() {
    switch (state()) {
      case ARRIVING, READY -> {
        hold();
        closeView();
        unprotect();
        context.volumes().remove(name().text(), Removal.Mode.NORMAL);
      }
      case ABSENT -> {}
      case ARRIVED ->
          throw failed("the other host has taken the volume", "`keg move` there moves it back");
    }
  }

  /** Removes the protection from a volume whose host was killed just before it was handed over. */
  private void unprotect() {
    try (var _ = context.registry().lock().lock(name())) {
      Volume volume = context.registry().get(OPERATION, name());
      if (!volume.details().protection().equals(Protection.none())) {
        context.services().replace(volume, now -> now.withProtection(Protection.none()));
      }
    }
  }

  private void closeView() {
    View opened = view;
    view = null;
    if (opened != null) {
      opened.close();
    }
  }

  @Override
  public void close() {
    try {
      closeView();
    } finally {
      if (restoreLock != null) {
        restoreLock.close();
      }
      if (lock != null) {
        lock.close();
      }
    }
  }
}
