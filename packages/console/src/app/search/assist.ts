/** What the query bar needs once the user types: suggestions and their list. */
export { accept } from '../query/suggest';
export { Suggestions } from '../query/suggestions.svelte';
export { default as SuggestionList } from './suggestion-list.svelte';
