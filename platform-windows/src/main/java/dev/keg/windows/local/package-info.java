/**
 * What Windows adds to volumes that are directories: an access control list. Depends on core's
 * {@code driver.local} and on {@code windows.driver}. A volume without the options is as any other
 * directory of its root.
 */
@NullMarked
package dev.keg.windows.local;

import org.jspecify.annotations.NullMarked;
