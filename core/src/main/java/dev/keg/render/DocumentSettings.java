package dev.keg.render;

import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.render.document.LineSettings;
import dev.keg.render.hcs.HcsRequests;
import dev.keg.render.hcs.HcsTarget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of documents; each document uses those that concern it.
 *
 * @param service the service to write into a compose file
 * @param change for a running system of the Host Compute Service; absent for a new one
 */
public record DocumentSettings(
    LineSettings lines,
    SecurityModel model,
    String service,
    HcsTarget target,
    HcsRequests.@Nullable Type change) {

  Optional<HcsRequests.Type> request() {
    return Optional.ofNullable(change);
  }
}
