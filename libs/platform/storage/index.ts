export { DocumentStorage, fileTooLarge, type StoredFile } from './document-storage.js';
export { DurableFolder, whenMissing } from './durable-folder.js';
export { FileStorage } from './file-storage.js';
export { StorageModule } from './storage.module.js';
