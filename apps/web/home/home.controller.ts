import { Get } from '@nestjs/common';
import { PageController, view, type View } from '../page/index.js';

@PageController()
export class HomePages {
  @Get()
  home(): View {
    return view('home/home.njk');
  }
}
