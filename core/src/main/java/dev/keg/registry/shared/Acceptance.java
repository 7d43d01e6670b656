package dev.keg.registry.shared;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.RegistryException.NotAccepted;
import dev.keg.error.RegistryException.OnOtherHost;
import dev.keg.registry.Catalog;
import dev.keg.volume.Host;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;

/**
 * How much of a record this host believes. Whoever can write to the store can write any record, so
 * the driver and the options with which root mounts a volume here are those that this host has in
 * its own file: it made the volume, or somebody has created it here, too, with the same. Only what
 * names nothing but a server needs no file. What happens to data unasked goes by the labels and the
 * protection in that file, of volumes that this host made.
 */
public final class Acceptance {
  private final Member member;
  private final Catalog local;
  private final Acceptable acceptable;

  Acceptance(Member member, Catalog local, Acceptable acceptable) {
    this.member = member;
    this.local = local;
    this.acceptable = acceptable;
  }

  /** What this host knows of drivers. */
  @FunctionalInterface
  public interface Acceptable {
    /** Whether the volume may be mounted on the word of another host, as another one was before. */
    boolean test(Volume volume, Optional<Volume> accepted);
  }

  /** The volume as this host would use it. */
  Volume volume(SharedVolume found) {
    Volume recorded = found.volume();
    Optional<Volume> own = own(found);
    if (found.isEverywhere()) {
      boolean moreRecent =
          own.isEmpty()
              || (own.get().driver().equals(recorded.driver()) && acceptable.test(recorded, own));
      return moreRecent ? recorded : recorded.drivenAs(own.get());
    }
    if (isHome(found)) {
      return recorded.drivenAs(own.orElseGet(() -> plain(recorded)));
    }
    // One that this host made is still here if somebody writes that it is on another one.
    return own.map(recorded::drivenAs).orElse(recorded);
  }

  /**
   * The volume as this host made it: its labels are those that somebody has given it here, and it
   * is protected if this host or the record says so.
   */
  Optional<Volume> made(Volume recorded) {
    Optional<Volume> own;
    try {
      own = own(recorded);
    } catch (Foreign | Damaged _) {
      return Optional.empty(); // One record must not keep the others from what is due.
    }
    return own.filter(made -> !isOnServer(made) || isOfThisHost(made))
        .map(
            made ->
                made.withProtection(
                    made.details().protection().longer(recorded.details().protection())));
  }

  private boolean isOnServer(Volume own) {
    return Files.exists(member.layout().onServer(member.home(own.name())), NOFOLLOW_LINKS);
  }

  private boolean isOfThisHost(Volume volume) {
    Host host = volume.details().host();
    return host.isCalled(member.host()) || host.isCalled(member.hostName());
  }

  /**
   * What this host notes of a volume that it mounts: only the driver and the options. Nobody here
   * has said the rest, or that this host made it.
   */
  Volume noted(Volume recorded) {
    VolumeDetails details = recorded.details();
    Host host = isOfThisHost(recorded) ? Host.UNKNOWN : details.host();
    return recorded
        .withLabels(Labels.NONE)
        .withDetails(
            new VolumeDetails(details.id(), "", details.updated(), host, Protection.none()));
  }

  /** Whether this host reaches the data and accepts how. */
  boolean isHere(SharedVolume found) {
    return isHome(found)
        || (found.isEverywhere()
            && (own(found).isPresent() || acceptable.test(found.volume(), Optional.empty())));
  }

  /** Refuses a volume that is not here. */
  void requireHere(String operation, SharedVolume found) {
    if (!isHere(found)) {
      Volume volume = found.volume();
      String host = volume.details().host().name();
      throw found.isEverywhere()
          ? new NotAccepted(operation, volume.name().text(), host)
          : new OnOtherHost(operation, volume.name().text(), host);
    }
  }

  /** Whether the data is on this host. */
  boolean isHome(SharedVolume found) {
    return found.home().equals(member.host());
  }

  /** The file of this host about the volume. */
  Optional<Volume> own(Volume recorded) {
    return local
        .find(recorded.name())
        .filter(volume -> volume.details().id().equals(recorded.details().id()));
  }

  private Optional<Volume> own(SharedVolume found) {
    try {
      return own(found.volume());
    } catch (Foreign _) {
      return Optional.empty(); // A directory that describes no volume says nothing about one.
    } catch (Damaged e) {
      if (isHome(found) || found.isEverywhere()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  // What this host never made is an empty directory at most, whatever the record says.
  private static Volume plain(Volume recorded) {
    return new Volume(
        recorded.name(), Volume.DEFAULT_DRIVER, Options.NONE, Labels.NONE, Instant.EPOCH);
  }
}
