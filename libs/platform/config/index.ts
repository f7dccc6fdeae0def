export { AppConfig, ConfigError, loadConfig, type LogLevel } from './app-config.js';
export { CLOCK, ConfigModule } from './config.module.js';
export { SETTINGS } from './settings.js';
