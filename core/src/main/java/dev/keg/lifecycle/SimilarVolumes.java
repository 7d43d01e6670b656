package dev.keg.lifecycle;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Labels;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.List;

/** Requests for volumes like an existing one: with its driver, options and labels. */
public final class SimilarVolumes {
  private final Services services;

  public SimilarVolumes(Services services) {
    this.services = services;
  }

  /**
   * Completes the request from the volume. An option that gives the location of the data would give
   * two volumes the same content, so the request must have its own value.
   */
  public VolumeRequest complete(VolumeRequest request, String text) {
    VolumeRegistry registry = services.registry();
    registry.openForReading();
    VolumeName name = registry.ids().nameOf(text).orElseThrow(() -> new NotFound("get", text));
    Volume like = registry.ids().describe("get", name);
    for (String key : dataOptions(like)) {
      if (like.options().has(key) && !request.options().has(key)) {
        throw new NotSupported(
            "create",
            request.name().text(),
            "option %s of volume %s names its data; give another with -o %s=..."
                .formatted(key, name, key));
      }
    }
    return new VolumeRequest(
        request.name(),
        like.driver(),
        like.options().with(request.options()),
        like.labels().without(List.of(Labels.ANONYMOUS)).with(request.labels()),
        request.ownership(),
        request.description(),
        request.protection(),
        request.pool());
  }

  private List<String> dataOptions(Volume volume) {
    return services.drivers().factory(volume.driver()).map(DriverFactory::options).stream()
        .flatMap(List::stream)
        .filter(option -> option.reach().mayBePlace())
        .map(OptionDescriptor::key)
        .toList();
  }
}
