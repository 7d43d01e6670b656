package dev.keg.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * Creates the classes that annotations name. Picocli's own factory tries a public constructor
 * first, which throws an exception for each class without one.
 */
final class Factory implements IFactory {
  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type.isInterface()) {
      return CommandLine.defaultFactory().create(type);
    }
    Constructor<K> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
